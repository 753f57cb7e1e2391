import { decideResync } from "../../../../provider/core/decide/decideResync";
import type { Decision } from "../../../../provider/core/decide/decision";
import type { Observation } from "../../../../provider/core/host/observation";
import { outcomes, type Outcome, type ResyncRecord } from "../../../../provider/core/record/record";
import { replicationMode } from "../../../../provider/core/hyperv/relationship";
import { failedRecord, job, link, noEvidence, observation, record, vmWith } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

const policies = ["ifRequired", "always"] as const;
type Policy = (typeof policies)[number];
const suspendedByUs = { ...noEvidence, suspendedByUs: true };
/** Every state that Hyper-V has, one that it has not, and no link at all. */
const states = [...Array.from({ length: 23 }, (_, state) => state), null];
const waitedFor = ["started", "scheduled"] as const satisfies readonly Outcome[];
const endedBadly = ["failed", "unknown", "cancelled"] as const satisfies readonly Outcome[];

function brief(decision: Decision): string {
  switch (decision.action) {
    case "start":
      return decision.suspendFirst ? "suspend and start" : "start";
    case "ended":
      return `ended ${decision.end.outcome}`;
    case "refuse":
      return decision.counts ? "refuse, counted" : "refuse";
    default:
      return decision.action;
  }
}

function resumed(before: ResyncRecord, seen: Observation, policy: Policy = "ifRequired", mayStart = true): Decision {
  return decideResync(seen, { kind: "primary", policy }, { kind: "resume", record: before, mayStart });
}

function healed(before: ResyncRecord, seen: Observation): Decision {
  return decideResync(seen, { kind: "primary", policy: "ifRequired" }, { kind: "heal", record: before });
}

describe.each(policies)("under policy %s", (policy) => {
  test.each(waitedFor)("a %s request keeps waiting in every state", (outcome) => {
    const before = record({ outcome, ...(outcome === "scheduled" && { scheduledStartTime: atSecond(60) }) });
    const decided = states.map((replicationState) => brief(resumed(before, observation({ replicationState }), policy)));
    expect(new Set(decided)).toEqual(new Set(["resumeWaiting"]));
  });

  test.each(endedBadly)("a %s request is decided in every state", (outcome) => {
    const expected: Record<number, string> = { 3: "ended completed", 9: "start", 10: "adopt" };
    for (const replicationState of states) {
      const decision = resumed(failedRecord({ outcome }), observation({ replicationState }), policy);
      const wanted = expected[replicationState ?? -1] ?? "refuse";
      expect({ replicationState, decision: brief(decision) }).toEqual({ replicationState, decision: wanted });
    }
  });

  test.each(endedBadly)("a %s request that has called in this run is not called for again", (outcome) => {
    for (const replicationState of states) {
      const decision = resumed(failedRecord({ outcome }), observation({ replicationState }), policy, false);
      expect(["ended completed", "adopt", "refuse"]).toContain(brief(decision));
    }
  });

  test.each([7, 9])("in state %d nothing is started before its time", (replicationState) => {
    const failedFromSuspended = (more: Partial<ResyncRecord>): ResyncRecord =>
      failedRecord({ replicationStateBefore: 7, ...more });
    const early = failedFromSuspended({ nextAttemptAt: atSecond(1) });
    expect(brief(resumed(early, observation({ replicationState }), policy))).toBe("refuse");
    const due = failedFromSuspended({ nextAttemptAt: atSecond(0) });
    const isAsked = replicationState === 9 || policy === "always";
    expect(brief(resumed(due, observation({ replicationState }), policy))).toBe(isAsked ? "start" : "refuse");
    const { nextAttemptAt: _none, ...free } = failedFromSuspended({});
    expect(brief(resumed(free, observation({ replicationState }), policy))).toBe(isAsked ? "start" : "refuse");
  });
});

test.each([
  ["state 7", { replicationStateBefore: 7 }, "start", undefined],
  ["state 3, and suspended for this request", { replicationStateBefore: 3, evidence: suspendedByUs }, "start", true],
  ["state 7, and suspended for this request", { replicationStateBefore: 7, evidence: suspendedByUs }, "start", true],
  ["state 3", { replicationStateBefore: 3 }, "refuse", undefined],
  ["state 9", { replicationStateBefore: 9 }, "refuse", undefined],
  ["state 8", { replicationStateBefore: 8 }, "refuse", undefined],
  ["no relationship", { replicationStateBefore: null }, "refuse", undefined],
])("a forced request that began from %s is tried again from state 7: %j is %s", (_which, more, wanted, isOurs) => {
  const before = failedRecord(more);
  const again = resumed(before, observation({ replicationState: 7 }), "always");
  expect(brief(again)).toBe(wanted);
  expect(again).toEqual(isOurs === true ? expect.objectContaining({ isSuspendedByUs: true }) : again);
  expect("isSuspendedByUs" in again).toBe(isOurs === true);
  expect(brief(resumed(before, observation({ replicationState: 7 }), "ifRequired"))).toBe("refuse");
});

test("a suspension for this request that is not there any more is none to put back", () => {
  const again = resumed(failedRecord({ evidence: suspendedByUs }), observation(), "always");
  expect(brief(again)).toBe("start");
  expect(again).not.toHaveProperty("isSuspendedByUs");
});

test("a forced request that began from a suspended relationship is tried again from no other state", () => {
  const before = failedRecord({ replicationStateBefore: 7 });
  const started = states.filter(
    (state) => brief(resumed(before, observation({ replicationState: state }), "always")) === "start",
  );
  expect(started).toEqual([7, 9]);
});

test("every outcome is either waited for, ended badly, or ended well", () => {
  expect([...waitedFor, ...endedBadly, "completed", "skipped"].toSorted()).toEqual([...outcomes].toSorted());
});

test.each(endedBadly)("a %s request of a VM in another role is refused as such", (outcome) => {
  for (const mode of Object.values(replicationMode)) {
    const one = link({ replicationState: 9 });
    const seen = observation({ vm: vmWith([one], { replicationMode: mode }), link: one });
    expect({ mode, decision: brief(resumed(failedRecord({ outcome }), seen)) }).toEqual({
      mode,
      decision: mode === replicationMode.primary ? "start" : "refuse",
    });
  }
});

test("a resync that runs is adopted also in another role or before its time", () => {
  const one = link({ replicationState: 10 });
  const seen = observation({ vm: vmWith([one], { replicationMode: replicationMode.replica }), link: one });
  expect(resumed(failedRecord({ nextAttemptAt: atSecond(900) }), seen)).toEqual({
    action: "adopt",
    reason: "a resynchronization runs: waiting for it instead of starting another",
    job: undefined,
    warnings: [],
  });
  const running = job();
  expect(resumed(failedRecord(), observation({ jobs: [running] }))).toEqual({
    action: "adopt",
    reason: "a resynchronization runs (job job-1): waiting for it instead of starting another",
    job: running,
    warnings: [],
  });
});

test.each([
  [{ jobId: "job-0" }, [], "resuming the wait for job job-0"],
  [{}, [], "resuming the wait for the resynchronization"],
  [{ jobId: "job-0" }, [job()], "resuming the wait for job job-1"],
])("a request with %j says what it keeps waiting for", (more, jobs, reason) => {
  const before = record({ ...more, scheduledStartTime: atSecond(60), outcome: "scheduled" });
  expect(resumed(before, observation({ jobs }))).toMatchObject({ action: "resumeWaiting", reason, record: before });
});

test("a started request whose job is gone while the VM is in state 9 has ended badly", () => {
  const before = record({ jobId: "job-0" });
  expect(resumed(before, observation())).toMatchObject({
    action: "ended",
    end: { outcome: "failed", error: { code: "JOB_FAILED", effect: "started" } },
    record: before,
  });
});

test("a VM that replicates normally by then is healed", () => {
  expect(resumed(failedRecord(), observation({ replicationState: 3 }))).toMatchObject({
    action: "ended",
    end: { outcome: "completed", reason: "healed meanwhile: it replicates normally" },
  });
});

const tryingAgain = { host: "HV01", vm: "web01", step: "try again" };

test("a refusal repeats why, and says what to do", () => {
  const decision = resumed(failedRecord({ reason: "the disk is full" }), observation({ replicationState: 8 }));
  expect(decision.action === "refuse" && decision.error.message).toBe(
    "web01 on HV01: the disk is full. Its replication is now in state 8 (critical). Resume replication first: Resume-VMReplication, then run up again",
  );
  expect(decision.action === "refuse" && decision.error.context).toEqual(tryingAgain);
  const before = failedRecord({ reason: "the disk is full", replicationState: 8 });
  const still = resumed(before, observation({ replicationState: 8 }));
  expect(still.action === "refuse" && still.error.message).toBe(
    "web01 on HV01: the disk is full. Its replication is still in state 8 (critical). Resume replication first: Resume-VMReplication, then run up again",
  );
  const unknown = resumed(failedRecord({ reason: "the disk is full" }), observation({ replicationState: 22 }));
  expect(unknown.action === "refuse" && unknown.error.message).toBe(
    "web01 on HV01: the disk is full. Its replication is now in state 22 (not a known state). Put that right, then run up again",
  );
});

test("a VM whose replication was removed is refused as such", () => {
  const decision = resumed(failedRecord(), observation({ replicationState: null }));
  expect(decision.action === "refuse" && decision.error.message).toBe(
    "web01 on HV01: it has no replication relationship. Enable replication for the VM first",
  );
});

test("a refusal before its time says how often, since when and until when", () => {
  const before = failedRecord({
    reason: "the disk is full",
    failuresInRow: 3,
    failingSince: atSecond(-900),
    nextAttemptAt: atSecond(900),
  });
  const decision = resumed(before, observation());
  expect(decision.action === "refuse" && decision.error.message).toBe(
    `web01 on HV01: the disk is full (3 in a row since ${atSecond(-900)}); no new call before ${atSecond(900)}. Change \`triggers\` to ask for one at once`,
  );
  expect(decision.action === "refuse" && decision.error.context).toEqual(tryingAgain);
  const { reason: _reason, failingSince: _since, ...bare } = before;
  const without = resumed(bare, observation());
  expect(without.action === "refuse" && without.error.summary).toBe(
    `the earlier request did not end well (3 in a row since then); no new call before ${atSecond(900)}`,
  );
});

test("a refusal of a VM that asks for the call counts as one more failure", () => {
  const seeding = job({ jobType: 117 });
  expect(brief(resumed(failedRecord(), observation({ jobs: [seeding] })))).toBe("refuse, counted");
  expect(brief(healed(record({ outcome: "completed" }), observation({ jobs: [seeding] })))).toBe("refuse, counted");
});

test("a further call is decided like a first one", () => {
  const first = decideResync(observation(), { kind: "primary", policy: "ifRequired" });
  expect(resumed(failedRecord(), observation())).toStrictEqual(first);
  expect(healed(record({ outcome: "completed" }), observation())).toStrictEqual(first);
});

test("a heal is decided in every state", () => {
  const expected: Record<number, string> = { 3: "skip", 7: "skip", 9: "start", 10: "adopt" };
  for (const replicationState of states) {
    const decision = healed(record({ outcome: "completed" }), observation({ replicationState }));
    const wanted = expected[replicationState ?? -1] ?? "refuse";
    expect({ replicationState, decision: brief(decision) }).toEqual({ replicationState, decision: wanted });
  }
});

test("a heal is not made before its time, but what runs is adopted", () => {
  const before = record({ outcome: "completed", failuresInRow: 1, nextAttemptAt: atSecond(900) });
  expect(brief(healed(before, observation()))).toBe("refuse");
  expect(brief(healed(before, observation({ jobs: [job()] })))).toBe("adopt");
});

test("a request without an earlier run is a new one", () => {
  expect(decideResync(observation(), { kind: "primary", policy: "ifRequired" })).toMatchObject({ action: "start" });
});

test("the request's own job is waited for, though the host shows another one before it", () => {
  const jobs = [job({ jobId: "job-0", jobState: 2 }), job()];
  const own = { action: "resumeWaiting", reason: "resuming the wait for job job-1", job: { jobId: "job-1" } };
  expect(resumed(record({ jobId: "job-1" }), observation({ jobs }))).toMatchObject(own);
  const other = { action: "resumeWaiting", reason: "resuming the wait for job job-0", job: { jobId: "job-0" } };
  expect(resumed(record({ jobId: "job-9" }), observation({ jobs }))).toMatchObject(other);
  const ended = [jobs[0] ?? job(), job({ jobState: 10 })];
  expect(resumed(record({ jobId: "job-1" }), observation({ jobs: ended }))).toMatchObject(other);
});

test("a time that is further ahead than any pause is long comes from a clock that was wrong", () => {
  const day = 86_400;
  expect(brief(resumed(failedRecord({ nextAttemptAt: atSecond(day) }), observation()))).toBe("refuse");
  expect(brief(resumed(failedRecord({ nextAttemptAt: atSecond(day + 1) }), observation()))).toBe("start");
});
