import type { Decision, EarlierRun } from "../../../../provider/core/decide/decision";
import { ReplicaResyncError } from "../../../../provider/core/errors";
import type { Observation } from "../../../../provider/core/host/observation";
import type { StartMade } from "../../../../provider/core/host/startGuard";
import { newRecord } from "../../../../provider/core/record/beginning";
import type { ResyncRecord } from "../../../../provider/core/record/record";
import type { ResyncResult } from "../../../../provider/core/record/result";
import type { Begun } from "../../../../provider/core/start/attempt";
import { makeCall } from "../../../../provider/core/start/makeCall";
import { nothingSeen } from "../../../../provider/core/wait/awaited";
import { failedRecord, job, noEvidence, observation, record, request, vmId } from "../../../support/builders";
import { atSecond, startMs } from "../../../support/fakeClock";
import { type Answer, lab, type Lab, type Script } from "../../../support/fakeHost";

interface Given {
  readonly decision?: Partial<Extract<Decision, { action: "start" }>>;
  readonly observed?: Observation;
  readonly earlier?: EarlierRun;
  readonly prepare?: (one: Lab) => void;
}

const startTime = atSecond(3_600);
const key = `hv01 ${vmId} primary`;
/** An answer of the host that means no. */
const busy = { reply: { returnCode: 32774 } };
const suspended = observation({ replicationState: 7 });
/** An older job that is there before the call. */
const older = observation({ jobs: [job({ jobId: "job-0", jobState: 10 })] });

async function call(
  script: Script,
  { decision, observed = observation(), earlier, prepare = () => undefined }: Given = {},
): Promise<{ one: Lab; result: Begun | ResyncResult }> {
  const one = lab(vmId, script);
  prepare(one);
  const result = await makeCall(
    { action: "start", reason: "it requires a resynchronization", suspendFirst: false, warnings: [], ...decision },
    { observation: observed, request: request(), earlier, context: one.context },
  );
  return { one, result };
}

/** The record of a request that begins with the call. */
function fresh(more: Partial<ResyncRecord> = {}, observed = observation()): ResyncRecord {
  return { ...newRecord(observed, "request-1", undefined), ...more };
}

const awaitedNow = { kind: "primary", jobId: undefined, olderJobIds: new Set() };

describe("a call that the host accepts", () => {
  test("is waited for by its job, and every older job is told from it", async () => {
    const { one, result } = await call({}, { observed: older });
    expect(result).toStrictEqual({
      record: fresh({
        outcome: "started",
        attempts: 1,
        requestedAt: atSecond(0),
        returnCode: 4096,
        reason: "the host resynchronizes it (job job-1)",
        jobId: "job-1",
      }),
      awaited: { kind: "primary", jobId: "job-1", olderJobIds: new Set(["job-0"]) },
      seen: { ...nothingSeen, isTrusted: true },
    });
    expect(one.lines.lines).toEqual([
      "info: web01: it requires a resynchronization; resynchronizing deletes the recovery points of its replica; starting now",
      "status: accepted by the host",
    ]);
    expect([...one.session.guard.made]).toStrictEqual([
      [key, { atMs: startMs, jobId: "job-1", isAccepted: true, isTrusted: false }],
    ]);
  });

  test("for later is scheduled", async () => {
    const { one, result } = await call({ starts: [{ reply: { returnCode: 0 } }] }, { decision: { startTime } });
    expect(result).toStrictEqual({
      record: fresh({
        outcome: "scheduled",
        attempts: 1,
        requestedAt: atSecond(0),
        returnCode: 0,
        reason: `the host resynchronizes it at ${startTime}`,
        scheduledStartTime: startTime,
      }),
      awaited: awaitedNow,
      seen: { ...nothingSeen, isTrusted: true },
    });
    expect(one.lines.lines).toEqual([
      `info: web01: it requires a resynchronization; resynchronizing deletes the recovery points of its replica; scheduling it for ${startTime}`,
      `status: scheduled for ${startTime}`,
    ]);
    expect([...one.session.guard.made]).toStrictEqual([
      [key, { atMs: startMs, startTime, isAccepted: true, isTrusted: true }],
    ]);
  });

  test.each([
    ["a VM in state 9", 4096, true, observation()],
    ["a suspended VM", 4096, false, suspended],
    ["a suspended VM", 0, true, suspended],
    ["a VM without its relationship", 4096, false, observation({ replicationState: null })],
  ])("for %s with code %d is trusted without further evidence: %s", async (_which, returnCode, isTrusted, observed) => {
    const { result } = await call({ starts: [{ reply: { returnCode } }] }, { observed });
    expect(result).toMatchObject({ seen: { isTrusted } });
  });

  test.each([
    [true, 3],
    [false, 7],
  ])(
    "for a suspended VM keeps the state before the suspension when that was this request's (%s)",
    async (isOurs, before) => {
      const { result } = await call({}, { observed: suspended, decision: { isSuspendedByUs: isOurs } });
      expect(result.record).toMatchObject({
        replicationStateBefore: before,
        replicationState: 7,
        evidence: { ...noEvidence, suspendedByUs: isOurs },
      });
    },
  );

  test("keeps and shows the warnings of its decision", async () => {
    const warnings = [
      { code: "ownWindow", text: "one" },
      { code: "scheduledByHost", text: "two" },
    ] as const;
    const { one, result } = await call({}, { decision: { warnings } });
    expect(result.record).toMatchObject({ warnings });
    expect(one.lines.lines).toEqual(expect.arrayContaining(["warn: web01: one", "warn: web01: two"]));
  });
});

describe("a resync that is found instead of a reply", () => {
  const lost = new ReplicaResyncError("SESSION_LOST", "gone");

  test("is adopted with its job", async () => {
    const { one, result } = await call({ starts: [{ error: lost, then: [[0, { jobs: [{}] }]] }] }, { observed: older });
    const reason = "the reply of the call was lost, and a resynchronization was found running";
    expect(result).toStrictEqual({
      record: fresh({
        outcome: "started",
        adopted: true,
        attempts: 1,
        requestedAt: atSecond(0),
        reason,
        jobId: "job-1",
        jobState: 4,
        jobErrorCode: 0,
        percentComplete: 0,
        startedAt: atSecond(0),
        evidence: { ...noEvidence, sawJob: true },
        warnings: [{ code: "foundRunning", text: reason }],
      }),
      awaited: { kind: "primary", jobId: "job-1", olderJobIds: new Set(["job-0"]) },
      seen: { ...nothingSeen, job: true },
    });
    expect([...one.session.guard.made]).toStrictEqual([[key, { atMs: startMs, isAccepted: true, isTrusted: false }]]);
  });

  test("is adopted by state 10 alone, with the host's answer", async () => {
    const { result } = await call({ starts: [{ reply: { returnCode: 32771 }, then: [[0, { state: 10 }]] }] });
    const reason = "Resynchronize returned 32771 (StatusUnknown), and a resynchronization was found running";
    expect(result).toStrictEqual({
      record: fresh({
        outcome: "started",
        adopted: true,
        attempts: 1,
        requestedAt: atSecond(0),
        evidence: { ...noEvidence, sawResync: true },
        returnCode: 32771,
        reason,
        warnings: [{ code: "foundRunning", text: reason }],
      }),
      awaited: awaitedNow,
      seen: { ...nothingSeen, resynchronizing: true },
    });
  });

  test("is adopted as scheduled while it waits for the time of the request", async () => {
    const scheduled = { jobState: 2, scheduledStartTime: startTime };
    const { result } = await call(
      { starts: [{ error: lost, then: [[0, { jobs: [scheduled] }]] }] },
      { decision: { startTime } },
    );
    expect(result.record).toMatchObject({
      outcome: "scheduled",
      scheduledStartTime: startTime,
      reason: "the reply of the call was lost, and a resynchronization was found scheduled",
    });
  });
});

describe("a call that is refused", () => {
  const refusals: [string, ReplicaResyncError, boolean][] = [
    ["by the network, before it is made,", new ReplicaResyncError("UNREACHABLE", "away"), false],
    ["by the host", new ReplicaResyncError("NOT_FOUND", "no such VM"), true],
  ];
  test.each(refusals)("%s leaves nothing behind, and says whether it was made", async (_who, error, isRejected) => {
    const { one, result } = await call({ starts: [{ error }] });
    expect(result).toStrictEqual({ ok: false, error, isRejected });
    expect(one.session.guard.made.size).toBe(0);
  });

  test("by the host in a further try is one more failure in a row", async () => {
    const earlier: EarlierRun = { kind: "resume", record: failedRecord(), mayStart: true };
    const { result } = await call({ starts: [busy] }, { earlier });
    expect(result.record).toMatchObject({ failuresInRow: 2, attempts: 2, returnCode: 32774 });
  });

  const toSuspended: Answer = { then: [[0, { state: 7 }]] };
  test.each([
    [
      "by the host",
      { starts: [busy], changes: { 7: toSuspended, 3: busy } },
      { attempts: 1, requestedAt: atSecond(0) },
    ],
    [
      "before it is made",
      { changes: { 7: { ...toSuspended, error: new ReplicaResyncError("SESSION_LOST", "gone") }, 3: busy } },
      { attempts: 0 },
    ],
  ])("%s and leaves the VM suspended is kept as failed", async (_who, script, calls) => {
    const healthy = observation({ replicationState: 3 });
    const { result } = await call(
      { timeline: [[0, { state: 3 }]], ...script },
      { observed: healthy, decision: { suspendFirst: true } },
    );
    expect(result).toStrictEqual({
      ok: false,
      error: expect.objectContaining({ effect: "unknown" }) as Error,
      record: fresh(
        {
          outcome: "failed",
          ...calls,
          failuresInRow: 1,
          failingSince: atSecond(0),
          nextAttemptAt: atSecond(300),
          reason: expect.stringContaining("could not be resumed") as string,
          evidence: { ...noEvidence, suspendedByUs: true },
        },
        healthy,
      ),
    });
  });
});

test.each([
  ["no reply", { error: new ReplicaResyncError("SESSION_LOST", "gone") }, {}],
  ["code 32772", { reply: { returnCode: 32772 } }, { returnCode: 32772 }],
])(
  "a call with %s and no trace is unknown, and its pause counts from the end of the look",
  async (_what, answer, code) => {
    const { one, result } = await call({ starts: [answer] });
    const lookedUntil = (one.clock.now() - startMs) / 1_000;
    expect(lookedUntil).toBeGreaterThanOrEqual(60);
    expect(result).toStrictEqual({
      ok: false,
      error: expect.objectContaining({ effect: "unknown" }) as Error,
      record: fresh({
        outcome: "unknown",
        attempts: 1,
        requestedAt: atSecond(0),
        failuresInRow: 1,
        failingSince: atSecond(lookedUntil),
        nextAttemptAt: atSecond(lookedUntil + 300),
        reason: expect.stringContaining("a minute of looking showed no resynchronization") as string,
        ...code,
      }),
    });
    expect([...one.session.guard.made]).toStrictEqual([
      [key, { atMs: one.clock.now(), isAccepted: false, isTrusted: false }],
    ]);
  },
);

describe("after a call of another resource of the run", () => {
  const made: StartMade = { atMs: startMs, isAccepted: true, isTrusted: false };
  const healthy = observation({ replicationState: 3 });

  async function after(
    before: Partial<StartMade>,
    { seconds = 0, ...given }: Given & { seconds?: number } = {},
  ): ReturnType<typeof call> {
    return call(
      {},
      {
        ...given,
        prepare: ({ clock, session }) => {
          session.guard.made.set(key, { ...made, ...before });
          clock.pass(seconds);
        },
      },
    );
  }

  test.each([
    [{}, undefined, "", { outcome: "started" }],
    [{ jobId: "job-1", isTrusted: true }, "job-1", " (job job-1)", { outcome: "started", jobId: "job-1" }],
    [{ startTime }, undefined, "", { outcome: "scheduled", scheduledStartTime: startTime }],
  ] as const)("less than a minute ago, %j is waited for", async (before, jobId, which, kept) => {
    const decision = "startTime" in before ? { startTime } : {};
    const { one, result } = await after(before, { seconds: 59.999, decision, observed: older });
    const reason = `another resource of this run has just started it${which}: waiting for that instead of starting a second`;
    expect(result).toStrictEqual({
      record: fresh({ adopted: true, reason, requestedAt: atSecond(0), ...kept }),
      awaited: { kind: "primary", jobId, olderJobIds: new Set(["job-0"]) },
      seen: { ...nothingSeen, isTrusted: "isTrusted" in before },
    });
    expect(one.lines.lines).toEqual([`info: web01: ${reason}`]);
    expect(one.log.starts).toBe(0);
  });

  test.each([
    ["a minute ago", {}, { seconds: 60 }, ""],
    ["for another time", { startTime }, {}, ` for ${startTime}`],
  ])("%s, a VM that is in state 9 still is refused: a run asks once", async (_when, before, given, when) => {
    const { one, result } = await after(before, given);
    expect(result).toStrictEqual({ ok: false, error: expect.anything() as Error });
    expect(result).toMatchObject({
      error: {
        code: "REFUSED",
        message: `web01 on HV01: another resource of this run has asked for it already${when}, and it still requires a resynchronization. Run up again: one run asks for a resynchronization of a VM once`,
        context: { host: "HV01", vm: "web01", step: "decide" },
      },
    });
    expect(one.log.starts).toBe(0);
  });

  test("a minute ago, a VM that does not require a resync is taken as resynchronized, and earlier failures are forgiven", async () => {
    const earlier: EarlierRun = { kind: "heal", record: failedRecord({ outcome: "completed", failuresInRow: 2 }) };
    const { one, result } = await after({}, { seconds: 60, observed: healthy, earlier });
    expect(result).toStrictEqual({
      ok: true,
      record: fresh(
        { outcome: "skipped", reason: "another resource of this run has resynchronized it already" },
        healthy,
      ),
    });
    expect(one.log.starts).toBe(0);
  });

  test("whose reply was lost and that left no trace, nothing is started", async () => {
    const { one, result } = await after({ isAccepted: false }, { observed: healthy });
    expect(result).toStrictEqual({ ok: false, error: expect.anything() as Error });
    expect(result).toMatchObject({
      error: {
        code: "REFUSED",
        message:
          "web01 on HV01: another resource of this run may have started it: the reply to that call was lost. Run up again: it looks at the host before anything else is started",
        context: { host: "HV01", vm: "web01", step: "decide" },
      },
    });
    expect(one.log.starts).toBe(0);
  });

  test.each([
    ["whose reply was lost", { isAccepted: false }],
    ["a minute ago", { atMs: startMs - 60_000 }],
  ])("%s, the refusal of a further try is not counted as a failure", async (_when, before) => {
    const failedBefore = failedRecord();
    const { result } = await after(before, { earlier: { kind: "resume", record: failedBefore, mayStart: true } });
    expect(result.record).toMatchObject({ outcome: "failed", failuresInRow: 1, reason: failedBefore.reason as string });
  });
});

test.each([
  [
    "the same request",
    { kind: "resume", record: failedRecord({ attempts: 2 }), mayStart: true },
    { requestId: "request-0", attempts: 3, failuresInRow: 1, failingSince: atSecond(-600) },
  ],
  [
    "another request, whose failures count on",
    { kind: "heal", record: failedRecord({ attempts: 2 }) },
    { requestId: "request-1", attempts: 1, failuresInRow: 1, failingSince: atSecond(-600) },
  ],
  [
    "another request without failures",
    { kind: "heal", record: record({ attempts: 2 }) },
    { requestId: "request-1", attempts: 1, failuresInRow: 0 },
  ],
] as const)("a further call is of %s", async (_what, earlier, expected) => {
  const { result } = await call({}, { earlier });
  expect(result.record).toMatchObject(expected);
  expect("failingSince" in (result.record ?? {})).toBe("failingSince" in expected);
});

test.each([
  [false, undefined, false],
  [true, undefined, true],
  [false, false, false],
  [false, true, true],
])(
  "suspended first %s, by an earlier try %s: the record says that it was suspended: %s",
  async (suspendFirst, isSuspendedByUs, expected) => {
    const decision = { suspendFirst, ...(isSuspendedByUs !== undefined && { isSuspendedByUs }) };
    const { result } = await call({ timeline: [[0, { state: 7 }]] }, { decision, observed: suspended });
    expect(result.record?.evidence).toEqual({ ...noEvidence, suspendedByUs: expected });
  },
);

test("a resync that somebody else begins during the suspension is adopted, and no call is made", async () => {
  const { one, result } = await call(
    { timeline: [[0, { state: 3 }]], changes: { 7: { then: [[0, { state: 7, jobs: [{ jobId: "job-7" }] }]] } } },
    { observed: observation({ replicationState: 3 }), decision: { suspendFirst: true } },
  );
  expect(result).toMatchObject({
    record: {
      outcome: "started",
      adopted: true,
      attempts: 0,
      jobId: "job-7",
      replicationState: 7,
      reason: "a resynchronization runs already (job job-7): waiting for it instead of starting a second",
      warnings: [
        {
          code: "overtaken",
          text: "replication was suspended for a resynchronization that somebody else then began first",
        },
      ],
    },
    awaited: { jobId: "job-7" },
    seen: { ...nothingSeen, job: true },
  });
  expect(one.log.starts).toBe(0);
  expect(one.session.guard.made.size).toBe(0);
});
