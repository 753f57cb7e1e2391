import { decideResync } from "../decide/decideResync";
import type { Decision } from "../decide/decision";
import type { Observation } from "../host/observation";
import { failed, withEnd, withoutFailures } from "../record/ending";
import { asRead } from "../record/reading";
import { reasonOf, type ResyncRecord, withWarnings } from "../record/record";
import type { ResyncResult } from "../record/result";
import type { Warning } from "../record/warnings";
import { adopt, resumeWaiting, warn } from "./adopt";
import { type Attempt, beginRecord, type Begun } from "./attempt";
import { makeCall } from "./makeCall";
import { refused } from "./refused";
import { takeTurn } from "./takeTurn";

/**
 * Decides what a request comes to and carries it out. What is to be started waits for its turn; then the VM is read once
 * more, and what that shows is decided and carried out.
 */
export async function carryOut(attempt: Attempt): Promise<Begun | ResyncResult> {
  const { observation, request, earlier, context } = attempt;
  const decision = decideResync(observation, request, earlier);
  if (decision.action !== "start") return withoutCall(decision, attempt);
  const turn = { vmId: observation.vm.vmId, kind: request.kind, most: request.maxConcurrentResyncs };
  return takeTurn(turn, context, async (look) => {
    const now = { ...attempt, observation: withReasonsOf(observation, look) };
    const again = decideResync(now.observation, request, earlier);
    return again.action === "start" ? makeCall(again, now) : withoutCall(again, now);
  });
}

/** A look with the reasons that were asked for before. */
function withReasonsOf({ link: before }: Observation, look: Observation): Observation {
  const healthReasons = before?.healthReasons;
  if (look.link === undefined || healthReasons === undefined) return look;
  return { ...look, link: { ...look.link, healthReasons } };
}

function withoutCall(decision: Exclude<Decision, { action: "start" }>, attempt: Attempt): Begun | ResyncResult {
  switch (decision.action) {
    case "refuse":
      return refused(decision.error, decision.counts, attempt);
    case "skip":
      warn(decision.warnings, attempt);
      return { ok: true, record: skipped(decision, attempt) };
    case "adopt":
      return adopt(decision, attempt);
    case "resumeWaiting":
      return resumeWaiting(decision, attempt);
    case "ended":
      return ended(decision, attempt);
    default:
      return decision satisfies never;
  }
}

function skipped({ reason, warnings }: Extract<Decision, { action: "skip" }>, attempt: Attempt): ResyncRecord {
  const { observation, request } = attempt;
  const record = beginRecord(attempt);
  // The job of the request before this one, while the host shows it: the next must not take it for its own either.
  const job = observation.jobs.find(({ jobId }) => jobId === request.earlierJobId);
  const withJobId = job === undefined ? record : { ...record, jobId: job.jobId };
  return withWarnings({ ...withoutFailures(withJobId), outcome: "skipped", reason }, ...warnings);
}

function ended({ end, record: before }: Extract<Decision, { action: "ended" }>, attempt: Attempt): ResyncResult {
  const { observation, earlier } = attempt;
  const { hostTime } = observation.service;
  const record = asRead(before, observation);
  if (end.outcome === "failed") {
    return { ok: false, error: end.error, record: failed(record, end.error, hostTime, "failed") };
  }
  const healed: ResyncRecord = { ...withoutFailures(record), outcome: "completed", reason: end.reason };
  const whole = withEnd(healed, undefined, hostTime, hostTime);
  // An error hook comes back at once: what the failure left on the host, such as a suspension, may not show yet.
  const isOfThisRun = earlier?.kind === "resume" && !earlier.mayStart;
  const said: readonly Warning[] = isOfThisRun
    ? [{ code: "earlierAttempt", text: `an earlier attempt of this run failed: ${reasonOf(before)}` }]
    : [];
  warn(said, attempt);
  return { ok: true, record: withWarnings(whole, ...said) };
}
