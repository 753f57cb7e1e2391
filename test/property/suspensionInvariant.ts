import { advance } from "../../provider/simulator/model/advance";
import type { RunRecord } from "./chronicle";
import { type HostEvent, machineNames } from "./hostEvents";
import { isAccepted, linkOf } from "./hostFacts";
import type { Stored } from "./stack";
import type { Violation } from "./violation";

/** A change of state by a job takes a second; a little more, so that it has happened. */
const changedWithinMs = 3_000;

/** Rule 10: a run that was not killed leaves no VM that it has suspended without saying so. */
export function suspensionIsSaid(
  run: RunRecord,
  after: ReadonlyMap<string, Stored>,
  happened: readonly { readonly atMs: number; readonly event: HostEvent }[],
): Violation[] {
  if (run.isKilled) return [];
  const found: Violation[] = [];
  const end = structuredClone(run.hostAfter);
  advance(end, end.nowMs + changedWithinMs);
  end.machines.forEach(({ id, name }) => {
    const suspension = run.methods.findLast(
      ({ machineId, requestedState, returnValue }) =>
        machineId === id && requestedState === 7 && (returnValue === 0 || returnValue === 4096),
    );
    const { state, enteredAtMs } = linkOf(end, id) ?? {};
    if (suspension === undefined || (state !== 7 && state !== 11)) return;
    // At once, or by a job a second later; other changes of the relationship are not made by the run.
    if (enteredAtMs !== suspension.after.nowMs && enteredAtMs !== suspension.after.nowMs + 1_000) return;
    const isByOther = happened.some(
      ({ atMs, event }) =>
        atMs >= suspension.after.nowMs &&
        "machine" in event &&
        machineNames[event.machine] === name &&
        changesState(event),
    );
    const isScripted = run.methods
      .slice(run.methods.indexOf(suspension))
      .some((call) => call.machineId === id && isAccepted(call));
    if (isByOther || isScripted) return;
    const said = [
      ...run.failures.map(({ message }) => message),
      ...[...after.values()].flatMap(({ outputs }) => (outputs.vmId === id ? [outputs.warnings, outputs.reason] : [])),
    ];
    if (!/suspend/i.test(JSON.stringify(said))) {
      found.push({ rule: "10 suspended", text: `${id} is left in state ${state} by the run, and no message says so` });
    }
  });
  return found;
}

/** A resync that others have started ends in whatever state its script says. */
function changesState({ kind }: HostEvent): boolean {
  return kind === "setState" || kind === "otherPauses" || kind === "otherStarts";
}
