import type { Case, Command } from "./cases";
import type { CaseEnd } from "./runCase";
import type { Disturbance } from "./disturbance";
import type { VerbRecord } from "./chronicle";

/** The end of a case is where it went wrong; a calm phase that does not end repeats itself. */
const mostRuns = 8;

/** A case and its result, to repeat it by hand. */
export function describeCase(one: Case, { violations, runs }: CaseEnd): string {
  return [
    ...violations.map(({ rule, text }) => `BROKEN ${rule}: ${text}`),
    "host:",
    ...(one.scenario.machines ?? []).map((machine) => `  ${compact(machine)}`),
    `  ${compact({ ...one.scenario, machines: undefined, accounts: undefined, name: undefined })}`,
    "program:",
    ...one.resources.map((resource, nth) => `  r${nth} ${compact(resource)}`),
    `jitter ${one.jitter}, clock ${one.skewSeconds} s ahead, operator sets ${one.operatorSets}`,
    ...(one.shellFaults ?? []).map((fault) => `PowerShell ! ${compact(fault)}`),
    ...(one.wsman === undefined
      ? []
      : [`WS-Management, authentication by ${one.wsman.authentication}, ${one.wsman.batch} at once`]),
    ...(one.wsman?.faults ?? []).map((fault) => `WS-Management ! ${compact(fault)}`),
    "commands:",
    ...one.commands.map((command, nth) => `  ${nth + 1}. ${describeCommand(command)}`),
    "what happened:",
    ...(runs.length > mostRuns ? [`  … ${runs.length - mostRuns} more before`] : []),
    ...runs
      .slice(-mostRuns)
      .flatMap((run) => [
        `  ${run.title}${run.isKilled ? " (killed)" : ""}${run.interruptedAtMs === undefined ? "" : " (interrupted)"}`,
        ...run.methods.map(
          ({ operation, requestedState, startTime, returnValue, verb, before }) =>
            `    ${timeOf(before.nowMs)} ${operation} ${requestedState ?? startTime ?? ""} = ${returnValue ?? "no answer"} by ${verb?.name ?? "?"} ${verb?.urn.split("::").at(-1) ?? ""}`,
        ),
        ...run.verbs
          .filter(({ name }) => name !== "check" && name !== "diff")
          .map((verb) => `    ${describeVerb(verb)}`),
      ]),
  ].join("\n");
}

function describeCommand(command: Command): string {
  const { do: what, ...rest } = command;
  const { disturbances = [], ...others } = { disturbances: undefined, ...rest };
  return [`${what} ${compact(others)}`, ...disturbances.map(describeDisturbance)].join("\n       ! ");
}

function describeDisturbance({ moment, trouble }: Disturbance): string {
  return `${compact(moment)}: ${compact(trouble)}`;
}

function describeVerb({ name, urn, end, attempt, beganAtMs, endedAtMs }: VerbRecord): string {
  const outputs = end.kind === "answered" ? end.outputs : end.kind === "threw" ? end.properties : undefined;
  const { outcome, replicationState, nextAttemptAt, warnings } = outputs ?? {};
  const said = end.kind === "threw" ? ` "${end.message}"` : "";
  return `${timeOf(beganAtMs)} to ${timeOf(endedAtMs)} ${name} ${urn.split("::").at(-1) ?? ""} #${attempt}: ${end.kind}${said} ${compact({ outcome, replicationState, nextAttemptAt, warnings })}`;
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(8, 23);
}

function compact(value: unknown): string {
  return JSON.stringify(value).replace(/"(\w+)":/g, "$1:");
}
