import { decideResync } from "../../../../provider/core/decide/decideResync";
import type { Decision } from "../../../../provider/core/decide/decision";
import { replicationStates } from "../../../../provider/core/hyperv/replicationState";
import { job, link, observation, vmWith } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

const policies = ["ifRequired", "always"] as const;
const ifRequired = { kind: "primary", policy: "ifRequired" } as const;
const always = { kind: "primary", policy: "always" } as const;
const day = 86_400;

const expected: Record<(typeof policies)[number], Record<number, string>> = {
  ifRequired: { 3: "skip", 7: "skip", 9: "start", 10: "adopt" },
  always: { 3: "start after suspending", 7: "start", 9: "start", 10: "adopt" },
};

function brief(decision: Decision): string {
  return decision.action === "start" && decision.suspendFirst ? "start after suspending" : decision.action;
}

describe.each(policies)("under policy %s", (policy) => {
  test.each([...replicationStates.keys()])("state %d is decided as the contract says", (replicationState) => {
    const decision = decideResync(observation({ replicationState }), { kind: "primary", policy });
    expect(brief(decision)).toBe(expected[policy][replicationState] ?? "refuse");
  });

  test.each([...replicationStates.keys()])(
    "state %d in the other role is refused, whatever runs there",
    (replicationState) => {
      const links = [link({ replicationState })];
      const vm = vmWith(links, { replicationMode: 2 });
      const decision = decideResync(observation({ vm, link: links[0], jobs: [job()] }), { kind: "primary", policy });
      expect(decision).toMatchObject({ action: "refuse", error: { code: "REFUSED", effect: "none" } });
    },
  );

  test("a state that is not known is refused as unexpected, with nothing begun", () => {
    const decision = decideResync(observation({ replicationState: 22 }), { kind: "primary", policy });
    expect(decision).toMatchObject({ action: "refuse", error: { code: "UNEXPECTED_STATE", effect: "none" } });
  });

  test("a VM without a relationship is refused", () => {
    expect(decideResync(observation({ replicationState: null }), { kind: "primary", policy }).action).toBe("refuse");
  });

  test.each([2, 3, 4, 5, 6, 12])("a job in state %d is adopted instead of starting a second", (jobState) => {
    const running = job({ jobState });
    expect(decideResync(observation({ jobs: [running] }), { kind: "primary", policy })).toMatchObject({
      action: "adopt",
      job: running,
    });
  });

  test.each([7, 8, 9, 10, 11, 32768])("a job that has ended with state %d is in nobody's way", (jobState) => {
    expect(decideResync(observation({ jobs: [job({ jobState })] }), { kind: "primary", policy }).action).toBe("start");
  });
});

test("a refused state comes with its number, its name and the remedy", () => {
  const decision = decideResync(observation({ replicationState: 8 }), ifRequired);
  expect(decision).toMatchObject({
    error: { message: expect.stringMatching(/state 8 \(critical\).*Resume-VMReplication/) as string },
  });
});

test("a suspended VM is skipped with a warning that changes are not sent", () => {
  expect(decideResync(observation({ replicationState: 7 }), ifRequired)).toMatchObject({
    warnings: [{ code: "suspended", text: expect.stringContaining("suspended") as string }],
  });
});

test("the job of the extended relationship, type 121, is adopted for a replica", () => {
  const links = [link({ kind: "extended" })];
  const vm = vmWith(links, { replicationMode: 2 });
  const running = job({ jobType: 121 });
  const seen = observation({ vm, link: links[0], jobs: [running] });
  expect(decideResync(seen, { kind: "extended", policy: "ifRequired" })).toMatchObject({
    action: "adopt",
    job: running,
  });
});

test("the job of the other relationship is not adopted", () => {
  expect(decideResync(observation({ jobs: [job({ jobType: 121 })] }), ifRequired).action).toBe("start");
});

test("an initial replication that runs is refused", () => {
  const decision = decideResync(observation({ jobs: [job({ jobType: 117 })] }), always);
  expect(decision).toMatchObject({
    action: "refuse",
    error: { message: expect.stringContaining("initial replication") as string },
  });
});

test("an initial replication that has ended is in nobody's way", () => {
  expect(decideResync(observation({ jobs: [job({ jobType: 117, jobState: 7 })] }), ifRequired).action).toBe("start");
});

test("a job in a state that is not known is refused: it may be a resync that runs", () => {
  const decision = decideResync(observation({ jobs: [job({ jobState: 13 })] }), ifRequired);
  expect(decision).toMatchObject({ action: "refuse", error: { code: "UNEXPECTED_STATE" } });
});

test.each([7, 32768])(
  "a resync that has just ended well, in state %d, is adopted: a killed run may have started it",
  (jobState) => {
    const ended = job({ jobState });
    expect(decideResync(observation({ replicationState: 3, jobs: [ended] }), ifRequired)).toMatchObject({
      action: "adopt",
      job: ended,
    });
  },
);

test.each([
  ["ended badly", { jobState: 10 }, {}],
  ["was of the other relationship", { jobState: 7, jobType: 121 }, {}],
  ["was the one of the request before", { jobState: 7 }, { earlierJobId: "job-1" }],
])("a resync that %s is not adopted for a healthy VM", (_what, more, given) => {
  const seen = observation({ replicationState: 3, jobs: [job(more)] });
  expect(decideResync(seen, { ...ifRequired, ...given }).action).toBe("skip");
});

test("a resync that has just ended does not keep policy always from another", () => {
  const seen = observation({ replicationState: 3, jobs: [job({ jobState: 7 })] });
  expect(decideResync(seen, always).action).toBe("start");
});

test.each([
  ["ahead", atSecond(3_600), 1],
  ["past", atSecond(-3_600), 0],
  ["left out", undefined, 0],
])("the host's own window is reported for a start time that is %s", (_what, startTime, count) => {
  const autoResync = { windowStart: "18:30", windowEnd: "06:00" };
  const decision = decideResync(observation({ link: link({ autoResync }) }), {
    ...ifRequired,
    ...(startTime !== undefined && { startTime }),
  });
  const warning =
    "the host resynchronizes by itself between 18:30 and 06:00 of its local time: it may begin before startTime";
  expect(
    decision.action === "start"
      ? decision.warnings.filter((one) => one.code === "ownWindow" && one.text === warning)
      : [],
  ).toHaveLength(count);
});

test("a job scheduled ahead by the host is reported, and the call is made", () => {
  const ahead = job({ jobState: 2, scheduledStartTime: atSecond(3_600) });
  expect(decideResync(observation({ jobs: [ahead] }), ifRequired)).toEqual({
    action: "start",
    reason: "it requires a resynchronization",
    suspendFirst: false,
    warnings: [{ code: "scheduledByHost", text: expect.stringContaining(atSecond(3_600)) as string }],
  });
});

test("a job scheduled ahead is reported when the VM is skipped, too", () => {
  const ahead = job({ jobState: 2, scheduledStartTime: atSecond(3_600) });
  expect(decideResync(observation({ replicationState: 3, jobs: [ahead] }), ifRequired)).toMatchObject({
    action: "skip",
    warnings: [{ code: "scheduledByHost", text: expect.stringContaining(atSecond(3_600)) as string }],
  });
});

test("a job scheduled for the second of the request is the request's own", () => {
  const ahead = job({ jobState: 2, scheduledStartTime: "2030-01-07T13:00:00.900Z" });
  const decision = decideResync(observation({ jobs: [job({ jobState: 7, jobId: "old" }), ahead] }), {
    ...ifRequired,
    startTime: atSecond(3_600),
  });
  expect(decision).toMatchObject({ action: "adopt", job: ahead, scheduledFor: atSecond(3_600) });
});

test("a job scheduled for another second is not the request's own", () => {
  const ahead = job({ jobState: 2, scheduledStartTime: atSecond(3_601) });
  const decision = decideResync(observation({ jobs: [ahead] }), { ...ifRequired, startTime: atSecond(3_600) });
  expect(decision.action).toBe("start");
});

test("a job whose start time has come runs, and is adopted whatever startTime says", () => {
  const due = job({ jobState: 2, scheduledStartTime: atSecond(-1) });
  const decision = decideResync(observation({ jobs: [due] }), { ...ifRequired, startTime: atSecond(3_600) });
  expect(decision).toMatchObject({ action: "adopt", job: due });
});

test("a job that began between two readings of one moment runs, and is adopted", () => {
  const justBegun = job({ scheduledStartTime: atSecond(1), startTime: atSecond(1) });
  expect(decideResync(observation({ jobs: [justBegun] }), ifRequired)).toMatchObject({
    action: "adopt",
    job: justBegun,
  });
});

test.each([
  [1, atSecond(1)],
  [7 * day, atSecond(7 * day)],
])("a start time %d s ahead is handed on", (seconds, startTime) => {
  expect(decideResync(observation(), { ...ifRequired, startTime: atSecond(seconds) })).toMatchObject({
    action: "start",
    startTime,
    warnings: [],
  });
});

test.each([0, -1, -30 * day])("a start time %d s ahead has passed: at once, with a warning", (seconds) => {
  const decision = decideResync(observation(), { ...ifRequired, startTime: atSecond(seconds) });
  expect(decision).toEqual({
    action: "start",
    reason: "it requires a resynchronization",
    suspendFirst: false,
    warnings: [{ code: "startTimePassed", text: `startTime ${atSecond(seconds)} has passed: started at once` }],
  });
});

test("a start time more than 7 days ahead of the host's clock is refused", () => {
  const decision = decideResync(observation(), { ...ifRequired, startTime: atSecond(7 * day + 1) });
  expect(decision).toMatchObject({
    action: "refuse",
    error: { message: expect.stringContaining("7 days") as string },
  });
});

test("a start time more than 7 days ahead does not matter to a VM that needs nothing", () => {
  const decision = decideResync(observation({ replicationState: 3 }), { ...ifRequired, startTime: atSecond(8 * day) });
  expect(decision.action).toBe("skip");
});
