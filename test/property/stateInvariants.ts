import { readState } from "../../provider/state/readState";
import type { Properties, RunRecord, VerbRecord } from "./chronicle";
import { outputsOf } from "./endInvariants";
import { isAccepted, shownState } from "./hostFacts";
import { hasSecret, pathsOfSecrets } from "./secrets";
import { withGroup } from "./outputsRead";
import type { Stored } from "./stack";
import type { Violation } from "./violation";

/** Rule 8: whatever is kept reads back, under the id it had. */
export function stateReadsBack(run: RunRecord, before: ReadonlyMap<string, Stored>): Violation[] {
  const found: Violation[] = [];
  const idOf = new Map([...before.values()].map(({ id, outputs }) => [outputs, id]));
  for (const verb of run.verbs) {
    const { name, end, olds, urn } = verb;
    const fail = (text: string): void => void found.push({ rule: "8 reads back", text: `${name} of ${urn}: ${text}` });
    if (end.kind === "threw" && end.message.trim() === "") fail("threw without a message");
    const outputs = outputsOf(verb);
    if (outputs === undefined) continue;
    if (end.kind === "threw" && (typeof end.id !== "string" || end.id === "")) fail("threw properties without an id");
    if (outputs.__provider === undefined) fail("keeps properties without __provider");
    if (JSON.stringify(JSON.parse(JSON.stringify(outputs))) !== JSON.stringify(outputs)) fail("is not plain JSON");
    const state = readState(outputs);
    if (state.kind !== "readable") fail(`is ${state.kind}: ${"reason" in state ? state.reason : ""}`);
    const oldId = olds === undefined ? undefined : idOf.get(olds);
    if (oldId !== undefined && "id" in end && end.id !== oldId)
      fail(`changed its id from ${oldId} to ${String(end.id)}`);
  }
  return found;
}

/** Rule 8: what the host has accepted is in the state afterwards, unless the process was killed. */
export function startsAreKept({ verbs }: RunRecord): Violation[] {
  const steps = Map.groupBy(verbs, ({ name, urn }) => (name === "create" || name === "update" ? `${name} ${urn}` : ""));
  steps.delete("");
  return [...steps].flatMap(([step, attempts]) => {
    const end = attempts.at(-1)?.end;
    const isStarted = attempts.some(({ methods }) => methods.some(isAccepted));
    const isLost = end?.kind === "threw" && end.properties === undefined;
    return isStarted && isLost ? [{ rule: "8 kept", text: `${step} started a resync and left no state` }] : [];
  });
}

/** Rule 9: secrets are where the program put them, and nowhere else. */
export function secretsStay(run: RunRecord): Violation[] {
  const found: Violation[] = [];
  const places = new Set(["connection.password", "triggers.token"]);
  const fail = (text: string): void => void found.push({ rule: "9 secrets", text });
  for (const line of run.lines) if (hasSecret(line)) fail(`in the line "${line}"`);
  for (const verb of run.verbs) {
    const { name, end } = verb;
    if (end.kind === "threw" && [end.message, ...(end.reasons ?? [])].some(hasSecret)) fail(`in an error of ${name}`);
    if (end.kind === "answered" && pathsOfSecrets(end.answer).length > 0) fail(`in the answer of ${name}`);
    const outputs = outputsOf(verb);
    for (const path of pathsOfSecrets(outputs)) if (!places.has(path)) fail(`in the output ${path} of ${name}`);
  }
  return found;
}

/** Rule 11: a refresh keeps every resource; one that could not read the host changes nothing but the warnings. */
export function refreshKeeps({ verbs }: RunRecord): Violation[] {
  const found: Violation[] = [];
  for (const verb of verbs) {
    const { name, end, olds, lastShared } = verb;
    if (name !== "read" || end.kind === "lost") continue;
    if (end.kind === "threw") {
      found.push({ rule: "11 refresh", text: `read threw ${end.message}` });
      continue;
    }
    const { outputs } = end;
    const isShown = lastShared !== undefined && shownState(lastShared, String(olds?.vmId)) !== undefined;
    if (outputs === undefined || olds === undefined)
      found.push({ rule: "11 refresh", text: "read dropped the resource" });
    else if (!isShown && withoutWarnings(outputs) !== withoutWarnings(olds)) {
      found.push({ rule: "11 refresh", text: `read changed what it could not read: ${differences(verb, outputs)}` });
    }
  }
  return found;
}

function withoutWarnings({ warnings: _warnings, ...stored }: Properties): string {
  const outputs = withGroup(stored, "internal", { warningCodes: undefined });
  return JSON.stringify(Object.entries(outputs).sort(([one], [other]) => one.localeCompare(other)));
}

function differences({ olds = {} }: VerbRecord, outputs: Properties): string {
  const names = new Set([...Object.keys(olds), ...Object.keys(outputs)]);
  return [...names].filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(outputs[name])).join(", ");
}
