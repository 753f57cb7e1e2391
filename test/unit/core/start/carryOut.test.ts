import type { EarlierRun } from "../../../../provider/core/decide/decision";
import { ReplicaResyncError } from "../../../../provider/core/errors";
import type { Observation } from "../../../../provider/core/host/observation";
import { newRecord } from "../../../../provider/core/record/beginning";
import { asRead } from "../../../../provider/core/record/reading";
import type { ResyncRecord } from "../../../../provider/core/record/record";
import type { ResyncRequest } from "../../../../provider/core/record/request";
import type { ResyncResult } from "../../../../provider/core/record/result";
import { refresh } from "../../../../provider/core/refresh";
import { resync } from "../../../../provider/core/resync";
import type { Begun } from "../../../../provider/core/start/attempt";
import { carryOut } from "../../../../provider/core/start/carryOut";
import {
  failedRecord,
  job,
  noEvidence,
  observation,
  otherVmId,
  record,
  request,
  vmId,
} from "../../../support/builders";
import { atSecond, startMs } from "../../../support/fakeClock";
import { badRun, goodRun, lab, type Lab, longRun, type Script } from "../../../support/fakeHost";

interface Given {
  readonly request?: Partial<ResyncRequest>;
  readonly mayStart?: boolean;
  readonly prepare?: (one: Lab) => void;
}

async function resume(
  before: ResyncRecord,
  script: Script,
  { request: more = {}, mayStart = true, prepare = () => undefined }: Given = {},
): Promise<{ one: Lab; result: ResyncResult }> {
  const one = lab(vmId, script);
  prepare(one);
  const result = await resync(request({ selector: { vmId }, ...more }), one.context, {
    kind: "resume",
    record: before,
    mayStart,
  });
  return { one, result };
}

const seenRunning = { ...noEvidence, sawResync: true, sawJob: true };
const begun = record({
  jobId: "job-1",
  jobState: 4,
  replicationState: 10,
  percentComplete: 10,
  evidence: seenRunning,
});
const endedOutcomes = ["failed", "unknown", "cancelled"] as const;

test.each([[{ jobId: "job-1" }], [{ jobId: "job-1", jobState: 4, replicationState: 10, evidence: seenRunning }], [{}]])(
  "a started request %j is waited for while its resync runs",
  async (more) => {
    const { one, result } = await resume(record(more), {
      timeline: [
        [0, { state: 10, jobs: [{}] }],
        [60, { state: 3, jobs: [{ jobState: 7 }] }],
      ],
    });
    expect(result).toMatchObject({
      ok: true,
      record: { outcome: "completed", requestId: "request-0", attempts: 1, adopted: false },
    });
    expect(one.log.starts).toBe(0);
  },
);

test("a started request whose job has vanished is done when the VM replicates normally", async () => {
  const { one, result } = await resume(begun, { timeline: [[0, { state: 3 }]] });
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed", completionTimeSource: "observed" } });
  expect(one.log.starts).toBe(0);
});

test.each([begun, record({ jobId: "job-1" })])(
  "a started request whose job has vanished in state 9 has failed, and is not called again at once",
  async (before) => {
    const { one, result } = await resume(before, {});
    expect(result).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("while nobody was waiting: job job-1 is gone") as string },
      record: { outcome: "failed", failuresInRow: 1, nextAttemptAt: atSecond(300) },
    });
    expect(one.log.starts).toBe(0);
  },
);

test("a started request that names no job is waited for in state 9", async () => {
  const { result } = await resume(record(), {
    timeline: [
      [300, { state: 10 }],
      [600, { state: 3 }],
    ],
  });
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed" } });
});

test("a started request that was seen in state 10 and is found in state 9 has failed", async () => {
  const { jobId: _id, jobState: _state, ...before } = begun;
  const { one, result } = await resume(before, {});
  expect(result).toMatchObject({
    ok: false,
    record: { outcome: "failed" },
    error: { message: expect.stringContaining("ended without success while nobody was waiting") as string },
  });
  expect(one.log.starts).toBe(0);
});

test("a started request is failed by its job that is still there", async () => {
  const { one, result } = await resume(begun, { timeline: [[0, { jobs: [{ jobState: 9 }] }]] });
  expect(result).toMatchObject({ ok: false, record: { outcome: "failed", jobState: 9 } });
  expect(one.log.starts).toBe(0);
});

test("a job that failed before the request was made says nothing of it", async () => {
  const older = { jobId: "job-0", jobState: 10, errorCode: 32768, startTime: atSecond(-100) };
  const { result } = await resume(record(), {
    timeline: [
      [0, { state: 10, jobs: [older] }],
      [60, { state: 3 }],
    ],
  });
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed" } });
});

test.each([0, 4, 5, 8, 12, 16])("a started request found in state %d has failed", async (state) => {
  const { one, result } = await resume(begun, { timeline: [[0, { state }]] });
  expect(result).toMatchObject({ ok: false, record: { outcome: "failed" } });
  expect(one.log.starts).toBe(0);
});

test("a started request whose VM is in the other role now has failed, however healthy it looks", async () => {
  const { result } = await resume(begun, { timeline: [[0, { state: 3, vm: { replicationMode: 2 } }]] });
  expect(result).toMatchObject({ ok: false, record: { outcome: "failed", replicationMode: 2 } });
});

test("a scheduled request is waited for beyond its start time", async () => {
  const scheduledStartTime = atSecond(3_600);
  const { one, result } = await resume(record({ outcome: "scheduled", jobId: "job-1", scheduledStartTime }), {
    timeline: [
      [0, { jobs: [{ jobState: 2, scheduledStartTime }] }],
      [3_600, { state: 10, jobs: [{ scheduledStartTime }] }],
      [3_700, { state: 3, jobs: [{ jobState: 7 }] }],
    ],
  });
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed" } });
  expect(one.log.starts).toBe(0);
});

test("a scheduled request without any job is waited for: the host may show none before its time", async () => {
  const { result } = await resume(
    record({
      outcome: "scheduled",
      jobId: "job-1",
      jobState: 7,
      scheduledStartTime: atSecond(3_600),
      evidence: { ...noEvidence, sawJob: true },
    }),
    {
      timeline: [
        [3_630, { state: 10 }],
        [3_700, { state: 3 }],
      ],
    },
  );
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed" } });
});

test("a host gets a minute to begin what it has scheduled", async () => {
  const before = record({ outcome: "scheduled", jobId: "job-1", scheduledStartTime: atSecond(-30) });
  const { result } = await resume(before, {
    timeline: [
      [20, { state: 10 }],
      [60, { state: 3 }],
    ],
  });
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed" } });
});

test("a scheduled request that has begun meanwhile is started, when wait is started", async () => {
  const before = record({ outcome: "scheduled", jobId: "job-1", scheduledStartTime: atSecond(-30) });
  const { result } = await resume(
    before,
    { timeline: [[0, { state: 10, jobs: [{}] }]] },
    { request: { wait: "started" } },
  );
  expect(result).toMatchObject({ ok: true, record: { outcome: "started" } });
});

describe.each(endedOutcomes)("after %s", (outcome) => {
  const before = failedRecord({
    outcome,
    jobId: "job-0",
    jobState: 10,
    jobErrorCode: 32768,
    completionTime: atSecond(-700),
    evidence: { ...noEvidence, sawJob: true },
  });

  test("a resync that runs is adopted, and the earlier job is forgotten", async () => {
    const { one, result } = await resume(before, {
      timeline: [
        [0, { state: 10, jobs: [{ jobId: "job-0", jobState: 10, errorCode: 32768 }, { jobId: "job-2" }] }],
        [60, { state: 3, jobs: [{ jobId: "job-2", jobState: 7 }] }],
      ],
    });
    expect(result).toMatchObject({
      ok: true,
      record: { outcome: "completed", adopted: true, jobId: "job-2", jobErrorCode: 0, failuresInRow: 0, attempts: 1 },
    });
    expect(one.log.starts).toBe(0);
  });

  test("state 10 without a job is adopted, and the earlier job's failure does not count", async () => {
    const { one, result } = await resume(before, {
      timeline: [
        [0, { state: 10, jobs: [{ jobId: "job-0", jobState: 10, errorCode: 32768 }] }],
        [60, { state: 3 }],
      ],
    });
    expect(result).toMatchObject({ ok: true, record: { outcome: "completed", adopted: true } });
    expect(result.record).not.toHaveProperty("jobErrorCode");
    expect(one.log.starts).toBe(0);
  });

  test("a job that runs in state 9 is adopted though an earlier reading saw state 10", async () => {
    const { result } = await resume(
      { ...before, replicationState: 10, evidence: seenRunning },
      {
        timeline: [
          [0, { jobs: [{ jobId: "job-2", jobState: 2 }] }],
          [30, { state: 10, jobs: [{ jobId: "job-2" }] }],
          [60, { state: 3, jobs: [{ jobId: "job-2", jobState: 7 }] }],
        ],
      },
    );
    expect(result).toMatchObject({ ok: true, record: { outcome: "completed" } });
  });

  test.each(["ifRequired", "always"] as const)(
    "a VM that replicates normally is completed under %s",
    async (policy) => {
      const { one, result } = await resume(before, { timeline: [[0, { state: 3 }]] }, { request: { policy } });
      expect(result).toMatchObject({
        ok: true,
        record: { outcome: "completed", reason: "healed meanwhile: it replicates normally", failuresInRow: 0 },
      });
      expect(result.record).not.toHaveProperty("nextAttemptAt");
      expect(result.record).not.toHaveProperty("failingSince");
      expect(one.log.starts).toBe(0);
      expect(one.log.requestedStates).toEqual([]);
    },
  );

  test("a VM that replicates normally in the other role is not completed", async () => {
    const { one, result } = await resume(before, { timeline: [[0, { state: 3, vm: { replicationMode: 2 } }]] });
    expect(result).toMatchObject({
      ok: false,
      error: { code: "REFUSED", message: expect.stringContaining("Set connection.host to HV01") as string },
      record: { outcome },
    });
    expect(one.log.starts).toBe(0);
  });

  test("a VM in state 9 is tried again by one call, of the same request", async () => {
    const { one, result } = await resume(before, {});
    expect(result).toMatchObject({
      ok: true,
      record: { outcome: "completed", attempts: 2, requestId: "request-0", failuresInRow: 0, jobId: "job-1" },
    });
    expect(one.log.starts).toBe(1);
  });

  test("a VM in state 9 is not tried again before its time", async () => {
    const { one, result } = await resume({ ...before, nextAttemptAt: atSecond(60) }, {});
    expect(result).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining(`no new call before ${atSecond(60)}. Change \`triggers\``) as string },
      record: { outcome, failuresInRow: 1, nextAttemptAt: atSecond(60) },
    });
    expect(result.record?.reason).toBe(before.reason);
    expect(one.log.starts).toBe(0);
  });

  test("a VM in state 9 is not tried again in a run that has called already", async () => {
    const { one, result } = await resume(before, {}, { mayStart: false });
    expect(result).toMatchObject({ ok: false, record: { outcome, reason: before.reason as string } });
    expect(one.log.starts).toBe(0);
  });

  test("a further failure counts on", async () => {
    const { result } = await resume(before, { starts: [{ then: badRun }] });
    expect(result).toMatchObject({
      ok: false,
      record: { outcome: "failed", failuresInRow: 2, failingSince: atSecond(-600), attempts: 2 },
    });
  });

  test("a rejected call counts on, with its return code", async () => {
    const { one, result } = await resume(before, { starts: [{ reply: { returnCode: 32774 } }] });
    expect(result).toMatchObject({
      ok: false,
      error: { code: "REJECTED" },
      record: { outcome, failuresInRow: 2, attempts: 2, returnCode: 32774 },
    });
    expect(one.log.starts).toBe(1);
  });

  test("a refusal counts on, without a call", async () => {
    const { result } = await resume(before, { timeline: [[0, { jobs: [{ jobType: 117 }] }]] });
    expect(result).toMatchObject({
      ok: false,
      error: { code: "REFUSED" },
      record: { outcome, failuresInRow: 2, attempts: 1 },
    });
  });

  test("a lost reply is unknown", async () => {
    const { result } = await resume(before, { starts: [{ error: new ReplicaResyncError("SESSION_LOST", "broken") }] });
    expect(result).toMatchObject({ ok: false, record: { outcome: "unknown", failuresInRow: 2, attempts: 2 } });
  });

  test("a stop before the call does not count as a failure", async () => {
    const { one, result } = await resume(
      before,
      {},
      {
        prepare: (one) => {
          const readJobs = one.host.readResyncJobs.bind(one.host);
          let reads = 0;
          one.host.readResyncJobs = async (options) => {
            const jobs = await readJobs(options);
            if (++reads === 2) one.stop();
            return jobs;
          };
        },
      },
    );
    expect(result).toMatchObject({ ok: false, error: { code: "CANCELLED" } });
    expect(result.record).toBe(before);
    expect(one.log.starts).toBe(0);
  });

  test.each([0, 1, 2, 5, 7, 8, 11, 12, 15, 17])("state %d fails again with the stored reason", async (state) => {
    const { one, result } = await resume(before, { timeline: [[0, { state }]] }, { request: { policy: "always" } });
    expect(result).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining(before.reason ?? "") as string },
      record: { outcome, reason: before.reason as string, failuresInRow: 1 },
    });
    expect(one.log.starts).toBe(0);
  });

  test("a suspended VM fails again with the stored reason under ifRequired", async () => {
    const { one, result } = await resume(before, { timeline: [[0, { state: 7 }]] });
    expect(result).toMatchObject({ ok: false, record: { outcome, reason: before.reason as string, failuresInRow: 1 } });
    expect(one.log.starts).toBe(0);
  });

  test("a suspended VM is resynchronized under always, and taken as it is", async () => {
    const forced = { ...before, replicationStateBefore: 3, evidence: { ...before.evidence, suspendedByUs: true } };
    const { one, result } = await resume(forced, { timeline: [[0, { state: 7 }]] }, { request: { policy: "always" } });
    expect(result).toMatchObject({ ok: true, record: { outcome: "completed", attempts: 2, failuresInRow: 0 } });
    expect(one.log).toMatchObject({ starts: 1, requestedStates: [] });
  });

  test("a suspended VM is not resynchronized under always before its time", async () => {
    const { one, result } = await resume(
      { ...before, nextAttemptAt: atSecond(300), replicationStateBefore: 7 },
      { timeline: [[0, { state: 7 }]] },
      { request: { policy: "always" } },
    );
    expect(result).toMatchObject({ ok: false, error: { message: expect.stringContaining("no new call") as string } });
    expect(one.log.starts).toBe(0);
  });

  test.each(["ifRequired", "always"] as const)(
    "a VM that is healed while it is queued is completed under %s",
    async (policy) => {
      const { one, result } = await resume(
        before,
        { timeline: [[20, { state: 3 }]] },
        {
          request: { policy, maxConcurrentResyncs: 1 },
          prepare: ({ host }) => {
            host.add(otherVmId, {
              timeline: [
                [0, { state: 10, jobs: [{ jobId: "job-9" }] }],
                [60, { state: 3, jobs: [] }],
              ],
            });
          },
        },
      );
      expect(result).toMatchObject({
        ok: true,
        record: { outcome: "completed", reason: expect.stringContaining("healed meanwhile") as string },
      });
      expect(one.log.starts).toBe(0);
      expect(one.log.requestedStates).toEqual([]);
    },
  );

  test("a job that others start while it is queued is adopted", async () => {
    const { one, result } = await resume(
      before,
      {
        timeline: [
          [20, { jobs: [{ jobId: "job-2", jobState: 2 }] }],
          [70, { state: 10, jobs: [{ jobId: "job-2" }] }],
          [90, { state: 3, jobs: [{ jobId: "job-2", jobState: 7 }] }],
        ],
      },
      {
        request: { maxConcurrentResyncs: 2 },
        prepare: ({ host }) => {
          for (const id of [otherVmId, "00000000-0000-4000-8000-000000000000"])
            host.add(id, {
              timeline: [
                [0, { state: 10, jobs: [{ jobId: `job of ${id}` }] }],
                [60, { state: 3, jobs: [] }],
              ],
            });
        },
      },
    );
    expect(result).toMatchObject({ ok: true, record: { outcome: "completed", adopted: true, jobId: "job-2" } });
    expect(one.log.starts).toBe(0);
  });
});

test("a request without a stored reason fails again with a sentence", async () => {
  const { reason: _none, nextAttemptAt: _next, ...before } = failedRecord();
  const { result } = await resume(before, { timeline: [[0, { state: 8 }]] });
  expect(result).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining("did not end well") as string },
  });
});

test("a request that fails for the first time and says nothing of a pause is tried again at once", async () => {
  const { nextAttemptAt: _next, failingSince: _since, ...before } = failedRecord();
  const { one } = await resume(before, {});
  expect(one.log.starts).toBe(1);
});

test("a row whose beginning is not known is told anyway", async () => {
  const { failingSince: _since, ...before } = failedRecord({ nextAttemptAt: atSecond(60) });
  const { result } = await resume(before, {});
  expect(result).toMatchObject({ error: { message: expect.stringContaining("since then") as string } });
});

test("an unknown request whose scheduled job is there is adopted as scheduled", async () => {
  const startTime = atSecond(3_600);
  const { one, result } = await resume(
    failedRecord({ outcome: "unknown" }),
    { timeline: [[0, { jobs: [{ jobState: 2, scheduledStartTime: startTime }] }]] },
    { request: { startTime, wait: "started" } },
  );
  expect(result).toMatchObject({ ok: true, record: { outcome: "scheduled", adopted: true } });
  expect(one.log.starts).toBe(0);
});

test("a VM that was resynchronized long ago is not said to have taken so long to heal", async () => {
  const { result } = await resume(failedRecord(), { timeline: [[0, { state: 3 }]] });
  expect(result.record).toMatchObject({ completionTime: atSecond(0), completionTimeSource: "observed" });
});

test("a long resync is waited for over several runs without a second call", async () => {
  const one = lab(vmId, { starts: [{ then: longRun.concat([[10_000, { state: 3, jobs: [{ jobState: 7 }] }]]) }] });
  const given = request({ selector: { vmId }, timeoutMs: 3_000_000 });
  let result = await resync(given, one.context);
  let runs = 1;
  while (!result.ok && result.record !== undefined && runs < 10) {
    expect(result.record.outcome).toBe("started");
    result = await resync(given, one.context, { record: result.record, mayStart: true, kind: "resume" });
    runs += 1;
  }
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed", attempts: 1 } });
  expect(runs).toBe(4);
  expect(one.log.starts).toBe(1);
  expect(one.clock.now() - startMs).toBeGreaterThan(10_000_000);
});

test("the retry goes through a whole resync again", async () => {
  const { one, result } = await resume(failedRecord(), { starts: [{ then: goodRun }] });
  expect(result.ok).toBe(true);
  expect(one.lines.text).toContain("deletes the recovery points");
});

test("a resync that was adopted without a job, and has left the VM in state 9 since, has failed", async () => {
  const adopted = record({
    adopted: true,
    attempts: 0,
    requestedAt: atSecond(-60),
    replicationStateBefore: 10,
    replicationState: 7,
    evidence: { ...noEvidence, sawResync: true },
  });
  const { one, result } = await resume(adopted, { timeline: [[0, { state: 9 }]] });
  expect(result).toMatchObject({ ok: false, error: { code: "JOB_FAILED" }, record: { outcome: "failed" } });
  expect(one.log.starts).toBe(0);
});

test.each([
  [false, ["an earlier attempt of this run failed: replication was suspended and could not be resumed"]],
  [true, []],
])(
  "an attempt that failed in an earlier run (%s) leaves a healed VM with the warnings %j",
  async (mayStart, warnings) => {
    const before = failedRecord({ reason: "replication was suspended and could not be resumed" });
    const { one, result } = await resume(before, { timeline: [[0, { state: 3 }]] }, { mayStart });
    const kept = warnings.map((text) => ({ code: "earlierAttempt", text }));
    expect(result).toMatchObject({ ok: true, record: { outcome: "completed", warnings: kept } });
    expect(one.lines.lines).toEqual(warnings.map((warning) => `warn: web01: ${warning}`));
  },
);

test("a resync that is adopted after another was seen running is not taken for fallen back by a refresh", async () => {
  const before = failedRecord({ adopted: true, replicationStateBefore: 10, evidence: seenRunning });
  const { one, result } = await resume(
    before,
    { timeline: [[0, { state: 9, jobs: [{ jobId: "job-2", jobState: 3 }] }]] },
    { request: { timeoutMs: 60_000 } },
  );
  expect(result).toMatchObject({
    ok: false,
    error: { code: "JOB_TIMEOUT" },
    record: { outcome: "started", jobId: "job-2", evidence: { ...noEvidence, sawJob: true } },
  });
  if (result.record === undefined) throw new Error("there is no record");
  const refreshed = await refresh(result.record, "primary", one.session, new AbortController().signal);
  expect(refreshed).toMatchObject({ outcome: "started", jobId: "job-2" });
});

test("a resync that others have started since is waited for, though the request's own was seen in state 10", async () => {
  const before = record({ jobId: "job-1", jobState: 4, replicationState: 10, evidence: seenRunning });
  const { one, result } = await resume(before, {
    timeline: [
      [0, { state: 9, jobs: [{ jobId: "job-2", jobState: 3 }] }],
      [30, { state: 10, jobs: [{ jobId: "job-2" }] }],
      [60, { state: 3, jobs: [{ jobId: "job-2", jobState: 7 }] }],
    ],
  });
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed", jobId: "job-2" } });
  expect(one.log.starts).toBe(0);
});

const pausedWarning = {
  code: "paused",
  text: "the resynchronization is paused by an operator: Resume-VMReplication -Continue lets it continue",
} as const;

test("a resync that an earlier run has seen is known to have been seen when it is paused", async () => {
  const paused = record({
    replicationState: 7,
    warnings: [pausedWarning],
    evidence: { ...noEvidence, sawResync: true },
  });
  const { one, result } = await resume(paused, { timeline: [[0, { state: 7 }]] }, { request: { timeoutMs: 60_000 } });
  expect(result).toMatchObject({ ok: false, error: { code: "JOB_TIMEOUT" }, record: { warnings: [pausedWarning] } });
  expect(one.lines.lines).toContain(`warn: web01: ${pausedWarning.text}`);
});

describe("what ends without a call", () => {
  const older = job({ jobId: "job-0", jobState: 10, startTime: atSecond(-60) });

  async function begin(
    observed: Observation,
    earlier?: EarlierRun,
    more: Partial<ResyncRequest> = {},
  ): Promise<{ one: Lab; result: Begun | ResyncResult }> {
    const one = lab(vmId);
    const attempt = { observation: observed, request: request(more), earlier, context: one.context };
    return { one, result: await carryOut(attempt) };
  }

  function fresh(observed: Observation, more: Partial<ResyncRecord>): ResyncRecord {
    return { ...newRecord(observed, "request-1", undefined), ...more };
  }

  test.each([
    [failedRecord(), 0],
    [failedRecord({ startedAt: atSecond(-90) }), 90],
  ])("a VM that was healed meanwhile is completed now", async (before, durationSeconds) => {
    const healthy = observation({ replicationState: 3 });
    const { result } = await begin(healthy, { kind: "resume", record: before, mayStart: true });
    const { failingSince: _since, nextAttemptAt: _next, ...kept } = before;
    expect(result).toStrictEqual({
      ok: true,
      record: {
        ...asRead(kept, healthy),
        outcome: "completed",
        reason: "healed meanwhile: it replicates normally",
        failuresInRow: 0,
        completionTime: atSecond(0),
        completionTimeSource: "observed",
        durationSeconds,
      },
    });
  });

  test.each([
    ["job-0", { jobId: "job-0" }],
    ["job-9", {}],
    [undefined, {}],
  ])("what is skipped after a request with job %s keeps it while the host shows it", async (earlierJobId, kept) => {
    const healthy = observation({ replicationState: 3, jobs: [job({ jobId: "job-2", jobState: 10 }), older] });
    const { result } = await begin(healthy, undefined, { ...(earlierJobId !== undefined && { earlierJobId }) });
    expect(result).toStrictEqual({
      ok: true,
      record: fresh(healthy, {
        outcome: "skipped",
        reason: "it replicates normally and requires no resynchronization",
        ...kept,
      }),
    });
  });
});

test("a forced request that this request suspended for is resumed when the host refuses the further try, and still its own when it is lost", async () => {
  const evidence = { ...noEvidence, suspendedByUs: true };
  const forced = failedRecord({ outcome: "unknown", replicationStateBefore: 3, evidence });
  const asked = { policy: "always" } as const;
  const suspended: Script["timeline"] = [[0, { state: 7 }]];
  const refused = await resume(
    forced,
    { timeline: suspended, starts: [{ reply: { returnCode: 32775 } }] },
    { request: asked },
  );
  expect(refused.one.log.requestedStates).toEqual([3]);
  expect(refused.result).toMatchObject({ ok: false, record: { replicationStateBefore: 3, evidence } });
  const lost = await resume(
    forced,
    { timeline: suspended, starts: [{ error: new ReplicaResyncError("SESSION_LOST", "was lost") }] },
    { request: asked },
  );
  expect(lost.result).toMatchObject({
    ok: false,
    record: {
      outcome: "unknown",
      replicationStateBefore: 3,
      evidence,
      reason: expect.stringContaining("was suspended for this and stays so") as string,
    },
  });
});

test("a suspension that was found is left as it is when the host refuses the further try", async () => {
  const { one } = await resume(
    failedRecord({ replicationStateBefore: 7 }),
    { timeline: [[0, { state: 7 }]], starts: [{ reply: { returnCode: 32775 } }] },
    { request: { policy: "always" } },
  );
  expect(one.log).toMatchObject({ starts: 1, requestedStates: [] });
});

test("a resync that somebody else begins during the suspension for this one is adopted, and the suspension said", async () => {
  const one = lab(vmId, {
    timeline: [[0, { state: 3 }]],
    changes: {
      7: {
        then: [
          [2, { state: 7, jobs: [{ jobId: "job-7" }] }],
          [4, { state: 10, jobs: [{ jobId: "job-7" }] }],
          [60, { state: 3, jobs: [{ jobId: "job-7", jobState: 7 }] }],
        ],
      },
    },
  });
  const result = await resync(request({ selector: { vmId }, policy: "always" }), one.context);
  expect(result).toMatchObject({
    ok: true,
    record: {
      outcome: "completed",
      adopted: true,
      attempts: 0,
      jobId: "job-7",
      reason: "a resynchronization that was already running was waited for",
      warnings: [
        {
          code: "overtaken",
          text: "replication was suspended for a resynchronization that somebody else then began first",
        },
      ],
    },
  });
  expect(one.log.starts).toBe(0);
  expect(one.lines.lines).toContainEqual(expect.stringMatching(/^warn: web01: replication was suspended for/));
});

test("what is decided again after the turn is decided with the reasons that were asked for before", async () => {
  const one = lab(vmId, { starts: [{ reply: { returnCode: 4096 }, then: [] }] });
  const observed = observation();
  const known = { ...observed, link: observed.link && { ...observed.link, healthReasons: ["a disk is missing"] } };
  const result = await carryOut({ observation: known, request: request(), earlier: undefined, context: one.context });
  expect(result.record?.healthReasons).toEqual(["a disk is missing"]);
  expect(one.log.calls.map(({ operation }) => operation)).toEqual([
    "readResyncJobs",
    "readVm",
    "readService",
    "startResync",
  ]);
});

test.each([
  ["without its relationship", { state: null }, []],
  ["with it", { state: 3 }, ["a disk is missing"]],
])("a VM that is found %s when its turn comes keeps the reasons %j", async (_how, scene, healthReasons) => {
  const one = lab(vmId, { timeline: [[0, scene]] });
  const observed = observation();
  const known = { ...observed, link: observed.link && { ...observed.link, healthReasons: ["a disk is missing"] } };
  const earlier: EarlierRun = { kind: "resume", record: failedRecord({ healthReasons: ["old"] }), mayStart: true };
  const result = await carryOut({ observation: known, request: request(), earlier, context: one.context });
  expect(result.record?.healthReasons).toEqual(healthReasons);
  expect(one.log.starts).toBe(0);
});
