import { code } from "./markdown";
import type { FailuresOutput } from "../../provider/state/outputTypes";
import type { Came } from "./rehearsal";

/** What the state held before a run, as far as it is compared. */
interface Before {
  readonly outcome?: unknown;
  /** Requests that had failed in a row. */
  readonly failuresInRow?: unknown;
}

const requests: Readonly<Record<number, string>> = { 3: "resume", 7: "suspend", 9: "cancel" };

/** What a run asked of the host. */
export function deeds({ did, calls, requestedStates, isWaiting }: Came): string {
  if (did === "same") return "nothing: no change";
  const others = requestedStates.map((state) => requests[state ?? 0] ?? "");
  const call = calls === 0 ? [] : [calls === 1 ? "**one call**" : `**${calls} calls**`];
  const before = others.filter((one) => one === "suspend");
  const after = others.filter((one) => one !== "suspend");
  const all = [...before, ...call, ...after];
  if (all.length > 0) return all.join(", ");
  return isWaiting ? "waits, no call" : "no call";
}

/** How a run ended, and what is kept of it. `before` is what the state held. */
export function ending({ error, code: errorCode, outputs }: Came, before?: Before): string {
  const outcome = outputs === undefined ? undefined : code(String(outputs.outcome));
  if (error === undefined) return outcome ?? "";
  const fails = `fails with ${code(errorCode ?? "no code")}`;
  if (outcome === undefined) return `${fails}; nothing is kept`;
  return before !== undefined && outputs?.outcome === before.outcome
    ? `${fails}; the outcome stays`
    : `${fails}; kept as ${outcome}`;
}

/** Whether a run was counted as one more failure, or ended the series. */
export function counting({ outputs }: Came, before?: Before): string {
  const now = failuresIn(outputs);
  const then = Number(before?.failuresInRow ?? 0);
  if (now > then) return "yes";
  return now < then ? "the series ends" : "no";
}

/** How many requests have failed in a row by the outputs. */
export function failuresIn(outputs: Came["outputs"]): number {
  return (outputs?.failures as FailuresOutput | undefined)?.inRow ?? 0;
}
