import { ReplicaResyncError } from "../../../../provider/core/errors";
import { observeVm } from "../../../../provider/core/host/readVm";
import type { CallEnd } from "../../../../provider/core/start/callEnd";
import { callOnce, isCarriedOut } from "../../../../provider/core/start/callOnce";
import { returnCodes } from "../../../../provider/core/hyperv/returnCode";
import { vmId } from "../../../support/builders";
import { atSecond, startMs } from "../../../support/fakeClock";
import { lab, type Lab, type Script } from "../../../support/fakeHost";

const lost = new ReplicaResyncError("SESSION_LOST", "the connection was lost");
const called = { host: "HV01", vm: "web01", step: "call Resynchronize" };
const healthy: Script = { timeline: [[0, { state: 3 }]] };

async function start(
  one: Lab,
  how: { suspendFirst?: boolean; isSuspendedByUs?: boolean; startTime?: string } = {},
): Promise<CallEnd> {
  const before = await observeVm(one.host, vmId, "primary", { signal: new AbortController().signal });
  return callOnce(before, { kind: "primary" }, { suspendFirst: false, ...how }, one.context);
}

test.each([{ returnCode: 4096, jobId: "job-1" }, { returnCode: 4096 }, { returnCode: 0 }])(
  "reply %j is accepted",
  async (reply) => {
    const one = lab(vmId, { starts: [{ reply }] });
    await expect(start(one)).resolves.toEqual({ kind: "accepted", reply });
    expect(one.log.starts).toBe(1);
  },
);

test.each([
  [{ returnCode: 0 }, true],
  [{ returnCode: 4096 }, false],
  [undefined, false],
])("reply %j is evidence by itself: %s", (reply, expected) => {
  expect(isCarriedOut(reply)).toBe(expected);
});

test.each([...returnCodes].filter(([, { effect }]) => effect === "none"))(
  "return code %d is rejected with its number, name and remedy, after one call",
  async (returnCode, { name, meaning, remedy }) => {
    const one = lab(vmId, { starts: [{ reply: { returnCode } }] });
    await expect(start(one)).resolves.toMatchObject({
      kind: "rejected",
      isCalled: true,
      error: {
        code: "REJECTED",
        effect: "none",
        returnCode,
        message: `web01 on HV01: Resynchronize returned ${returnCode} (${name}): ${meaning}; replication state 9 (resynchronizationRequired), EnabledState 2 (running). ${remedy}`,
        context: called,
      },
    });
    expect(one.log.starts).toBe(1);
    expect(one.clock.slept).toEqual([]);
  },
);

test("a rejection says so when the VM has no relationship", async () => {
  const one = lab(vmId, { timeline: [[0, { state: null }]], starts: [{ reply: { returnCode: 32770 } }] });
  await expect(start(one)).resolves.toMatchObject({
    error: { summary: expect.stringContaining("; replication state none, EnabledState 2 (running)") as string },
  });
});

const where = "replication state 9 (resynchronizationRequired), EnabledState 2 (running)";
const looked = "and a minute of looking showed no resynchronization";

test.each([
  [
    32771,
    "REJECTED",
    `Resynchronize returned 32771 (StatusUnknown): the host could not tell whether the resynchronization was started; ${where}, ${looked}. Run up again: it looks at the host before anything else is started`,
  ],
  [
    32772,
    "REJECTED",
    `Resynchronize returned 32772 (Timeout): the host stopped waiting and the resynchronization may have been started; ${where}, ${looked}. Run up again: it looks at the host before anything else is started`,
  ],
  [
    5,
    "UNEXPECTED_STATE",
    `Resynchronize returned 5 (undocumented); ${where}, ${looked}. Report this as a bug of the package. A further up looks at the host before anything else is started`,
  ],
])(
  "after return code %d the host is read for a minute, and nothing is called again",
  async (returnCode, code, message) => {
    const one = lab(vmId, { starts: [{ reply: { returnCode } }] });
    await expect(start(one)).resolves.toMatchObject({
      kind: "unknown",
      error: { code, effect: "unknown", message: `web01 on HV01: ${message}`, context: called },
      reply: { returnCode },
    });
    expect(one.clock.slept).toEqual([1_000, 1_500, 2_250, 3_375, 5_062.5, 7_593.75, 11_390.625, 15_000, 15_000]);
    expect(new Set(one.lines.lines)).toEqual(
      new Set(["status: the host could not tell: looking whether a resynchronization runs"]),
    );
    expect(one.log.starts).toBe(1);
  },
);

test("after a lost reply the host is not read any more when the minute is over", async () => {
  const one = lab(vmId, { starts: [{ error: lost }] });
  let isLate = false;
  one.host.onCall = ({ operation }) => {
    if (operation !== "readService" || one.log.starts === 0 || isLate) return;
    isLate = true;
    one.clock.pass(59);
  };
  await expect(start(one)).resolves.toMatchObject({
    kind: "unknown",
    reply: undefined,
    error: {
      code: "JOB_LOST",
      message: `web01 on HV01: the reply to Resynchronize was lost (the connection was lost), ${looked}. Run up again: it looks at the host before anything else is started`,
      context: called,
    },
  });
  expect(one.clock.slept).toEqual([1_000]);
  expect(one.lines.lines).toEqual(["status: the reply was lost: looking whether a resynchronization runs"]);
});

test("an error that is not known counts as a lost reply", async () => {
  const error = new Error("socket hang up");
  await expect(start(lab(vmId, { starts: [{ error }] }))).resolves.toMatchObject({
    kind: "unknown",
    error: {
      code: "JOB_LOST",
      effect: "unknown",
      summary: `the reply to Resynchronize was lost (socket hang up), ${looked}`,
      cause: { cause: error },
    },
  });
});

test.each([
  ["UNREACHABLE", false],
  ["AUTH_FAILED", false],
  ["CANCELLED", false],
  ["REFUSED", false],
  ["ACCESS_DENIED", true],
  ["CIM_FAULT", true],
  ["NOT_FOUND", true],
] as const)("%s is a plain refusal, and the host's own answer: %s", async (code, isCalled) => {
  const error = new ReplicaResyncError(code, "it broke");
  const one = lab(vmId, { starts: [{ error }] });
  await expect(start(one)).resolves.toStrictEqual({ kind: "rejected", error, isCalled });
  expect(one.clock.slept).toEqual([]);
});

test("an error with the code of a refusal after which something may have begun is looked after", async () => {
  const error = new ReplicaResyncError("CIM_FAULT", "0x80041001", { effect: "unknown" });
  await expect(start(lab(vmId, { starts: [{ error }] }))).resolves.toMatchObject({ kind: "unknown" });
});

test.each([{ startTime: atSecond(60) }, {}])("the host is asked for the VM with %j", async (more) => {
  const one = lab(vmId);
  const asked: unknown[] = [];
  const call = one.host.startResync.bind(one.host);
  one.host.startResync = async (input, options) => {
    asked.push(input);
    return call(input, options);
  };
  await start(one, more);
  expect(asked).toStrictEqual([{ vmId, ...more }]);
});

test("after a stop nothing is called", async () => {
  const one = lab(vmId, healthy);
  const running = start(one, { suspendFirst: true });
  one.stop();
  await expect(running).resolves.toMatchObject({
    kind: "rejected",
    isCalled: false,
    error: {
      code: "CANCELLED",
      effect: "none",
      message: "web01 on HV01: stopped before anything was started. Run up again",
      context: called,
    },
  });
  expect(one.log.starts).toBe(0);
  expect(one.lines.lines).toEqual([]);
});

test("a stop in the middle of the call leaves the result unknown, at once", async () => {
  const one = lab(vmId);
  one.host.onReply = one.stop;
  one.host.machine(vmId).start = () => {
    throw new ReplicaResyncError("SESSION_LOST", "stopped");
  };
  one.host.onCall = ({ operation }) => {
    if (operation === "startResync") one.stop();
  };
  await expect(start(one)).resolves.toMatchObject({
    kind: "unknown",
    error: { effect: "unknown", summary: "the reply to Resynchronize was lost (the run was cancelled)" },
  });
  expect(one.clock.slept).toEqual([]);
  expect(one.lines.lines).toEqual([]);
});

test("a stop in the middle of a refused call leaves the result unknown: the host may have been first", async () => {
  const one = lab(vmId);
  one.host.onCall = ({ operation }) => {
    if (operation !== "startResync") return;
    one.stop();
    throw new ReplicaResyncError("UNREACHABLE", "closed");
  };
  await expect(start(one)).resolves.toMatchObject({ kind: "unknown", error: { code: "JOB_LOST" } });
});

test("a healthy VM is suspended, seen suspended, and then started", async () => {
  const one = lab(vmId, { ...healthy, changes: { 7: { reply: { returnCode: 4096 }, then: [[3, { state: 7 }]] } } });
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({ kind: "accepted" });
  expect(one.log.requestedStates).toEqual([7]);
  expect(one.log.starts).toBe(1);
  expect(one.clock.now() - startMs).toBeGreaterThanOrEqual(3_000);
});

test("a suspension that is refused is a refusal, and nothing is put back", async () => {
  const one = lab(vmId, { ...healthy, changes: { 7: { reply: { returnCode: 32775 } } } });
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "rejected",
    isCalled: false,
    error: { code: "REFUSED", effect: "none", message: expect.stringContaining("32775 (InvalidState)") as string },
  });
  expect(one.log.requestedStates).toEqual([7]);
  expect(one.log.starts).toBe(0);
});

test("a suspension that is refused while somebody else suspends stays theirs", async () => {
  const one = lab(vmId, { ...healthy, changes: { 7: { reply: { returnCode: 32774 }, then: [[0, { state: 7 }]] } } });
  await start(one, { suspendFirst: true });
  expect(one.log.requestedStates).toEqual([7]);
});

test("a suspension with an undocumented answer is put back if it shows", async () => {
  const one = lab(vmId, { ...healthy, changes: { 7: { reply: { returnCode: 5 }, then: [[1, { state: 7 }]] } } });
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "rejected",
    error: { effect: "none" },
  });
  expect(one.log.requestedStates).toEqual([7, 3]);
});

test("a suspension that does not show within a minute is a refusal that says so", async () => {
  const one = lab(vmId, { ...healthy, changes: { 7: {} } });
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "rejected",
    isCalled: false,
    error: {
      message: expect.stringMatching(/not do so within a minute.*may do so yet.*Resume-VMReplication/) as string,
    },
  });
  expect(one.log.starts).toBe(0);
});

test("a lost reply to the suspension is put back, and nothing is started", async () => {
  const one = lab(vmId, { ...healthy, changes: { 7: { error: lost, then: [[0, { state: 7 }]] } } });
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "rejected",
    isCalled: false,
    error: { effect: "none", message: "web01 on HV01: the connection was lost" },
  });
  expect(one.log.requestedStates).toEqual([7, 3]);
  expect(one.log.starts).toBe(0);
});

test("an error of the suspension that is not known is a refusal", async () => {
  const one = lab(vmId, { ...healthy, changes: { 7: { error: new Error("socket hang up") } } });
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "rejected",
    error: { code: "REFUSED", message: expect.stringContaining("socket hang up") as string },
  });
});

test("a call that is refused after the suspension puts it back", async () => {
  const one = lab(vmId, { ...healthy, starts: [{ reply: { returnCode: 32774 } }] });
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "rejected",
    error: { code: "REJECTED", effect: "none" },
  });
  expect(one.log.requestedStates).toEqual([7, 3]);
});

test("a VM that was found suspended stays so when the call is refused", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 7 }]], starts: [{ reply: { returnCode: 32774 } }] });
  await start(one);
  expect(one.log.requestedStates).toEqual([]);
});

test("a resync that is found after a lost reply of a suspended VM is no error", async () => {
  const one = lab(vmId, { ...healthy, starts: [{ error: lost, then: [[0, { state: 10 }]] }] });
  await expect(start(one, { suspendFirst: true })).resolves.toStrictEqual({
    kind: "foundRunning",
    job: undefined,
    isResynchronizing: true,
    reply: undefined,
  });
  expect(one.log.requestedStates).toEqual([7]);
});

test("a suspension is not put back when the call may have been carried out", async () => {
  const one = lab(vmId, { ...healthy, starts: [{ error: lost }] });
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "unknown",
    error: {
      effect: "unknown",
      message: expect.stringMatching(/^web01 on HV01: .*stays so\. Run up again.*Resume-VMReplication/) as string,
    },
  });
  expect(one.log.requestedStates).toEqual([7]);
});

test.each([
  ["is refused", { reply: { returnCode: 32774 } }, "resuming returned 32774 (SystemInUse)"],
  ["is lost", { error: lost }, "the connection was lost"],
])("a suspension that stays because its resumption %s is told, and kept", async (_how, answer, why) => {
  const one = lab(vmId, {
    ...healthy,
    starts: [{ reply: { returnCode: 32774 } }],
    changes: { 7: { then: [[0, { state: 7 }]] }, 3: answer },
  });
  const result = await start(one, { suspendFirst: true });
  expect(result).toMatchObject({ kind: "rejected", isCalled: true, error: { effect: "unknown" } });
  expect(result.kind === "rejected" && result.error.message).toContain(`could not be resumed (${why})`);
});

test("a stop between suspension and start resumes the VM and starts nothing", async () => {
  const one = lab(vmId, healthy);
  let reads = 0;
  one.host.onCall = ({ operation }) => {
    if (operation === "readResyncJobs" && ++reads === 2) one.stop();
  };
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "rejected",
    error: { code: "CANCELLED", effect: "none" },
  });
  expect(one.log.requestedStates).toEqual([7, 3]);
  expect(one.log.starts).toBe(0);
});

test("a stop after the last reading of the suspension resumes the VM and starts nothing", async () => {
  const one = lab(vmId, healthy);
  const readService = one.host.readService.bind(one.host);
  let reads = 0;
  one.host.readService = async (options) => {
    const service = await readService(options);
    if (++reads === 2) one.stop();
    return service;
  };
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "rejected",
    isCalled: false,
    error: { code: "CANCELLED", context: called },
  });
  expect(one.log.requestedStates).toEqual([7, 3]);
  expect(one.log.starts).toBe(0);
});

test("a stop before the host shows the suspension waits for it and resumes the VM", async () => {
  const one = lab(vmId, { ...healthy, changes: { 7: { reply: { returnCode: 4096 }, then: [[1, { state: 7 }]] } } });
  one.host.onReply = ({ requestedState }) => {
    if (requestedState === 7) one.stop();
  };
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "rejected",
    error: { code: "CANCELLED" },
  });
  expect(one.log.requestedStates).toEqual([7, 3]);
});

test("an answer that is not a response is not taken for a no: the host is read, and the call counts as made", async () => {
  const one = lab(vmId, { starts: [{ error: new ReplicaResyncError("BAD_REPLY", "what a host never says") }] });
  await expect(start(one)).resolves.toMatchObject({ kind: "unknown", error: { effect: "unknown" } });
  expect(one.log.starts).toBe(1);
});

test("what an earlier try has suspended is resumed when the host refuses, and not suspended again", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 7 }]], starts: [{ reply: { returnCode: 32775 } }] });
  await expect(start(one, { isSuspendedByUs: true })).resolves.toMatchObject({ kind: "rejected", isCalled: true });
  expect(one.log.requestedStates).toEqual([3]);
});

test("what an earlier try has suspended stays so when the reply is lost, and the error says it", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 7 }]], starts: [{ error: lost }] });
  const result = await start(one, { isSuspendedByUs: true });
  expect(result.kind === "unknown" && result.error.message).toContain("was suspended for this and stays so");
});

test("a slow host has time to resume what was suspended", async () => {
  const one = lab(vmId, { ...healthy, starts: [{ reply: { returnCode: 32775 } }] });
  one.host.onCall = async () => one.clock.sleep(5_000, new AbortController().signal);
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "rejected",
    error: { code: "REJECTED", effect: "none" },
  });
  expect(one.log.requestedStates).toEqual([7, 3]);
});

test("a resync of somebody else that begins during the suspension is handed on: nothing is called, nothing put back", async () => {
  const one = lab(vmId, { ...healthy, changes: { 7: { then: [[2, { state: 7, jobs: [{ jobId: "job-7" }] }]] } } });
  await expect(start(one, { suspendFirst: true })).resolves.toMatchObject({
    kind: "overtaken",
    now: { jobs: [{ jobId: "job-7" }] },
  });
  expect(one.log.starts).toBe(0);
  expect(one.log.requestedStates).toEqual([7]);
});

test("a stop that comes before the call has left is a refusal: nothing was called", async () => {
  const one = lab(vmId);
  one.host.onCall = ({ operation }) => {
    if (operation !== "startResync") return;
    one.stop();
    throw new ReplicaResyncError("CANCELLED", "stopped before it could call");
  };
  await expect(start(one)).resolves.toMatchObject({
    kind: "rejected",
    isCalled: false,
    error: { code: "CANCELLED", effect: "none" },
  });
});

test("a refusal of the connection to the host is no answer to the call", async () => {
  const one = lab(vmId);
  one.host.onCall = ({ operation }) => {
    if (operation === "startResync")
      throw new ReplicaResyncError("ACCESS_DENIED", "may not log on", { isBeforeCall: true });
  };
  await expect(start(one)).resolves.toMatchObject({ kind: "rejected", isCalled: false });
});

test("after a lost reply what was looked for is told: a job from before the call is not, its own is", async () => {
  const startTime = atSecond(36_000);
  const scheduled = { jobState: 2, scheduledStartTime: startTime };
  const one = lab(vmId, {
    timeline: [[0, { jobs: [{ jobId: "job-0", jobState: 10 }] }]],
    starts: [{ error: lost, then: [[1, { jobs: [{ jobId: "job-0", jobState: 10 }, scheduled] }]] }],
  });
  await expect(start(one, { startTime })).resolves.toMatchObject({
    kind: "foundRunning",
    scheduledFor: startTime,
    job: { jobId: "job-1" },
    reply: undefined,
  });
  expect(one.log.starts).toBe(1);
});
