import { decideNew } from "../../../../provider/core/decide/decideNew";
import type { Decision } from "../../../../provider/core/decide/decision";
import type { Observation } from "../../../../provider/core/host/observation";
import { job, link, observation, service } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

type Request = Parameters<typeof decideNew>[1];

const week = 7 * 86_400;
const autoResync = { windowStart: "18:30", windowEnd: "06:00" };

function decide(seen: Observation, more: Partial<Request> = {}): Decision {
  return decideNew(seen, { kind: "primary", policy: "ifRequired", ...more });
}

test.each<[string, Parameters<typeof observation>[0], Partial<Request>, Decision]>([
  [
    "in need",
    {},
    {},
    { action: "start", reason: "it requires a resynchronization", suspendFirst: false, warnings: [] },
  ],
  [
    "healthy and forced",
    { replicationState: 3 },
    { policy: "always" },
    {
      action: "start",
      reason: "it replicates normally and is resynchronized anyway",
      suspendFirst: true,
      warnings: [],
    },
  ],
  [
    "suspended and forced",
    { replicationState: 7 },
    { policy: "always" },
    {
      action: "start",
      reason: "its replication is suspended and it is resynchronized anyway",
      suspendFirst: false,
      warnings: [],
    },
  ],
  [
    "healthy",
    { replicationState: 3 },
    {},
    { action: "skip", reason: "it replicates normally and requires no resynchronization", warnings: [] },
  ],
  [
    "suspended",
    { replicationState: 7, jobs: [job({ jobState: 2, scheduledStartTime: atSecond(3_600) })] },
    {},
    {
      action: "skip",
      reason: "its replication is suspended and it does not require a resynchronization",
      warnings: [
        {
          code: "scheduledByHost",
          text: `the host has a resynchronization of its own scheduled for ${atSecond(3_600)}`,
        },
        {
          code: "suspended",
          text: "replication is suspended: changes are not sent until it is resumed (Resume-VMReplication)",
        },
      ],
    },
  ],
  [
    "being resynchronized without a job",
    { replicationState: 10 },
    {},
    {
      action: "adopt",
      reason: "a resynchronization runs already: waiting for it instead of starting a second",
      job: undefined,
      warnings: [],
    },
  ],
  [
    "being resynchronized by a job",
    { jobs: [job()] },
    {},
    {
      action: "adopt",
      reason: "a resynchronization runs already (job job-1): waiting for it instead of starting a second",
      job: job(),
      warnings: [],
    },
  ],
  [
    "just resynchronized",
    { replicationState: 3, jobs: [job({ jobState: 7 })] },
    {},
    {
      action: "adopt",
      reason: "a resynchronization has just ended (job job-1): taking it instead of starting a second",
      job: job({ jobState: 7 }),
      warnings: [],
    },
  ],
  [
    "scheduled for the time of the request",
    { jobs: [job({ jobState: 2, scheduledStartTime: atSecond(3_600) })] },
    { startTime: atSecond(3_600) },
    {
      action: "adopt",
      reason: `a resynchronization is scheduled for ${atSecond(3_600)} already (job job-1)`,
      job: job({ jobState: 2, scheduledStartTime: atSecond(3_600) }),
      scheduledFor: atSecond(3_600),
      warnings: [],
    },
  ],
  [
    "in need, with a window of its own before the time of the request",
    { link: link({ autoResync }), jobs: [job({ jobState: 2, scheduledStartTime: atSecond(7_200) })] },
    { startTime: atSecond(3_600) },
    {
      action: "start",
      reason: "it requires a resynchronization",
      suspendFirst: false,
      startTime: atSecond(3_600),
      warnings: [
        {
          code: "scheduledByHost",
          text: `the host has a resynchronization of its own scheduled for ${atSecond(7_200)}`,
        },
        {
          code: "ownWindow",
          text: "the host resynchronizes by itself between 18:30 and 06:00 of its local time: it may begin before startTime",
        },
      ],
    },
  ],
  [
    "in need after the time of the request, with a job of the host's own",
    { jobs: [job({ jobState: 2, scheduledStartTime: atSecond(7_200) })] },
    { startTime: atSecond(-1) },
    {
      action: "start",
      reason: "it requires a resynchronization",
      suspendFirst: false,
      warnings: [
        {
          code: "scheduledByHost",
          text: `the host has a resynchronization of its own scheduled for ${atSecond(7_200)}`,
        },
        { code: "startTimePassed", text: `startTime ${atSecond(-1)} has passed: started at once` },
      ],
    },
  ],
  [
    "in need, with a job of the other link that is scheduled ahead",
    { jobs: [job({ jobType: 121, jobState: 2, scheduledStartTime: atSecond(3_600) })] },
    { startTime: atSecond(3_600) },
    {
      action: "start",
      reason: "it requires a resynchronization",
      suspendFirst: false,
      startTime: atSecond(3_600),
      warnings: [],
    },
  ],
  [
    "in need, with an ended job that was scheduled for the time of the request",
    { jobs: [job({ jobState: 10, scheduledStartTime: atSecond(3_600) })] },
    { startTime: atSecond(3_600) },
    {
      action: "start",
      reason: "it requires a resynchronization",
      suspendFirst: false,
      startTime: atSecond(3_600),
      warnings: [],
    },
  ],
])("a VM that is %s gets its decision and the reason for it", (_what, seen, request, expected) => {
  expect(decide(observation(seen), request)).toStrictEqual(expected);
});

test.each<[string, Parameters<typeof observation>[0], Partial<Request>, object]>([
  [
    "in a state in which none may be started",
    { replicationState: 11 },
    {},
    {
      code: "REFUSED",
      message:
        "web01 on HV01: its replication is in state 11 (resynchronizationSuspended), in which a resynchronization must not be started. Let the paused resynchronization continue: Resume-VMReplication -Continue",
    },
  ],
  [
    "in a state that is not known",
    { replicationState: 22 },
    {},
    {
      code: "UNEXPECTED_STATE",
      message:
        "web01 on HV01: ReplicationState 22 is not a state this version knows. Report this as a bug of the package",
    },
  ],
  [
    "in the hands of a job in a state that is not known",
    { jobs: [job({ jobState: 13 })] },
    {},
    {
      code: "UNEXPECTED_STATE",
      message:
        "web01 on HV01: JobState 13 of job job-1 is not a state this version knows. Report this as a bug of the package",
    },
  ],
  [
    "in its initial replication",
    { jobs: [job({ jobType: 117 })] },
    {},
    {
      code: "REFUSED",
      message:
        "web01 on HV01: its initial replication has not finished (job job-1). Let the initial replication finish first",
    },
  ],
  [
    "asked for too far ahead",
    { service: service({ hostTime: atSecond(1) }) },
    { startTime: atSecond(week + 2) },
    {
      code: "REFUSED",
      message: `web01 on HV01: startTime ${atSecond(week + 2)} lies more than 7 days ahead of the host's clock, ${atSecond(1)}. Hyper-V schedules a resynchronization at most 7 days ahead`,
    },
  ],
])("a VM that is %s is refused, with what to do, and it counts for nothing", (_what, seen, request, expected) => {
  expect(decide(observation(seen), request)).toMatchObject({
    action: "refuse",
    counts: false,
    error: { effect: "none", context: { host: "HV01", vm: "web01", step: "decide" }, ...expected },
  });
});

test("resyncs that the host has scheduled for itself are told in one warning", () => {
  const jobs = [3_600, 7_200].map((at, nth) =>
    job({ jobId: `job-${nth}`, jobState: 2, scheduledStartTime: atSecond(at) }),
  );
  expect(decide(observation({ jobs }))).toMatchObject({
    action: "start",
    warnings: [
      {
        code: "scheduledByHost",
        text: `the host has a resynchronization of its own scheduled for ${atSecond(3_600)} and ${atSecond(7_200)}`,
      },
    ],
  });
});
