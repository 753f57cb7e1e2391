import type { Properties, RunRecord, VerbRecord } from "./chronicle";
import { isAccepted, shownState } from "./hostFacts";
import { group, jobIdOf } from "./outputsRead";
import type { Stored } from "./stack";
import type { Violation } from "./violation";

/** Everything that a verb does beside waiting: suspending, verifying, cancelling (a minute each), twice the time in the queue. */
const allowanceMs = 1_500_000;
/** The time that a stop leaves for undoing a suspension, with a slow host. */
const stopWithinMs = 15_000;

/** Rule 6: every verb ends, and on time. */
export function verbsEnd(run: RunRecord): Violation[] {
  const found: Violation[] = [];
  if (run.deadlock) {
    const open = run.verbs.filter(({ end }) => end.kind === "lost").map(({ name, urn }) => `${name} of ${urn}`);
    found.push({ rule: "6 ends", text: `all verbs wait forever: ${open.join(", ")}` });
  }
  for (const verb of run.verbs) {
    if (verb.end.kind === "lost") continue;
    const tookMs = verb.endedAtMs - verb.beganAtMs;
    const bound = boundOf(verb) + run.slowSeconds * 1_000 + run.crowdedMs;
    if (tookMs > bound) {
      found.push({ rule: "6 in time", text: `${verb.name} took ${tookMs / 1_000} s, bound ${bound / 1_000} s` });
    }
    const { interruptedAtMs } = run;
    if (interruptedAtMs !== undefined && verb.endedAtMs > Math.max(interruptedAtMs, verb.beganAtMs) + stopWithinMs) {
      found.push({
        rule: "6 stops",
        text: `${verb.name} ended ${(verb.endedAtMs - interruptedAtMs) / 1_000} s after the stop`,
      });
    }
  }
  return found;
}

function boundOf({ name, olds = {}, news = {}, beganAtMs }: VerbRecord): number {
  if (name !== "create" && name !== "update") return 150_000;
  const waits = [news.startTime, olds.startTime, group(olds, "request").scheduledStartTime].map((time) =>
    typeof time === "string" ? Math.max(0, Date.parse(time) - beganAtMs) : 0,
  );
  const timeoutSeconds = typeof news.timeoutSeconds === "number" ? news.timeoutSeconds : 86_400;
  return timeoutSeconds * 1_000 + Math.max(...waits) + allowanceMs;
}

/** Rule 7: what ended badly is never green, and what is completed was seen to be completed. */
export function greenIsGreen(run: RunRecord, after: ReadonlyMap<string, Stored>): Violation[] {
  const found: Violation[] = [];
  for (const verb of run.verbs) {
    const outputs = outputsOf(verb);
    if (outputs === undefined || !isNewlyCompleted(verb, outputs)) continue;
    const isShown = run.readings.some(
      (reading) =>
        reading.host.nowMs >= verb.beganAtMs &&
        reading.host.nowMs <= verb.endedAtMs &&
        shownState(reading, String(outputs.vmId)) === 3,
    );
    if (!isShown) found.push({ rule: "7 done is seen", text: `${verb.name} completed without having read state 3` });
  }
  const isGreen = run.kind === "up" && run.failures.length === 0 && !run.isKilled && run.interruptedAtMs === undefined;
  if (!isGreen) return found;
  for (const [urn, { outputs }] of after) {
    const outcome = String(outputs.outcome);
    const allowed =
      outputs.wait === "started" ? ["completed", "skipped", "started", "scheduled"] : ["completed", "skipped"];
    if (!allowed.includes(outcome)) found.push({ rule: "7 never green", text: `a green up leaves ${urn} ${outcome}` });
  }
  return found;
}

function isNewlyCompleted({ olds }: VerbRecord, outputs: Properties): boolean {
  return (
    outputs.outcome === "completed" &&
    (olds?.outcome !== "completed" || group(olds, "internal").requestId !== group(outputs, "internal").requestId)
  );
}

/**
 * Rule 7: what is recorded as a failure has ended: at the last reading its job was not running. A job that was started
 * elsewhere in the meantime does not count, nor one that follows a resync that was seen to fall back.
 */
export function failedIsOver({ verbs, readings }: RunRecord): Violation[] {
  return verbs.flatMap((verb) => {
    const outputs = outputsOf(verb);
    const { name, olds, beganAtMs, endedAtMs } = verb;
    // Verbs that wait for the same VM share their readings.
    const looks = readings.filter(({ host }) => host.nowMs >= beganAtMs && host.nowMs <= endedAtMs);
    const last = looks.at(-1);
    if (outputs?.outcome !== "failed" || last?.sees !== true) return [];
    if (olds?.outcome === "failed" && jobIdOf(olds) === jobIdOf(outputs)) return [];
    const shown = looks.map((reading) => shownState(reading, String(outputs.vmId)));
    const wasShown = shown.includes(10) || wasResynchronizing(olds);
    if (wasShown && shown.at(-1) !== 10) return [];
    const ownCall = verb.methods.findLast(isAccepted);
    const isOlder = last.host.jobs.some(
      ({ id, submittedAtMs }) => id === jobIdOf(outputs) && submittedAtMs <= (ownCall?.before.nowMs ?? beganAtMs - 1),
    );
    const isRunning = last.host.machines
      .flatMap(({ links }) => links)
      .some(
        ({ run }) => run?.jobId === jobIdOf(outputs) && ["starting", "running", "paused"].includes(run?.phase ?? ""),
      );
    return isOlder && isRunning ? [{ rule: "7 failed is over", text: `${name} failed while its job was running` }] : [];
  });
}

/** Whether the state from before says that the resync was seen running. */
function wasResynchronizing(olds: Properties | undefined): boolean {
  return group(olds, "replication").state === "resynchronizing" || group(olds, "internal").sawResync === true;
}

/** What a verb leaves in the state. */
export function outputsOf({ end }: VerbRecord): Properties | undefined {
  return end.kind === "answered" ? end.outputs : end.kind === "threw" ? end.properties : undefined;
}
