import { decideResync } from "../../../provider/core/decide/decideResync";
import type { Observation } from "../../../provider/core/host/observation";
import type { JobReading } from "../../../provider/core/host/ports";
import type { ResyncRequest } from "../../../provider/core/record/request";
import type { Warning } from "../../../provider/core/record/warnings";
import { seededInitialReplicationJobType } from "../../../provider/core/hyperv/relationship";
import { job, link, observation } from "../../support/builders";
import { atSecond } from "../../support/fakeClock";
import { table } from "../markdown";
import { inWords, remedyOf } from "./decision";

interface Case {
  readonly title: string;
  readonly state?: number;
  readonly jobs?: readonly JobReading[];
  readonly request?: Partial<ResyncRequest>;
  readonly more?: Partial<Observation>;
}

const inAnHour = atSecond(3_600);
const inTwoHours = atSecond(7_200);
const aSecondAgo = atSecond(-1);
const sevenDays = 7 * 86_400;
const windowed = link({ autoResync: { windowStart: "18:30", windowEnd: "06:00" } });

const jobCases: readonly Case[] = [
  { title: "a resync of this relationship runs, started by anyone, in state 9", jobs: [job()] },
  { title: "a resync of this relationship runs, in state 8", state: 8, jobs: [job()] },
  { title: "a resync of the other relationship runs (job type 121)", jobs: [job({ jobType: 121 })] },
  { title: "a resync has just ended well, its job is still shown, in state 3", state: 3, jobs: [job({ jobState: 7 })] },
  {
    title: "the same, and it is the job of the previous request",
    state: 3,
    jobs: [job({ jobState: 7 })],
    request: { earlierJobId: "job-1" },
  },
  { title: "a resync has just ended badly, in state 9", jobs: [job({ jobState: 10, errorCode: 32768 })] },
  {
    title: "the host has scheduled one itself",
    jobs: [job({ jobState: 2, scheduledStartTime: inTwoHours })],
  },
  {
    title: "initial replication of a seeded replica runs (job type 117)",
    jobs: [job({ jobType: seededInitialReplicationJobType })],
  },
  { title: "a job in an undocumented state", jobs: [job({ jobState: 77 })] },
];

const startTimeCases: readonly Case[] = [
  { title: "an hour ahead", request: { startTime: inAnHour } },
  {
    title: "an hour ahead, and a job waits for exactly that time",
    request: { startTime: inAnHour },
    jobs: [job({ jobState: 2, scheduledStartTime: inAnHour })],
  },
  {
    title: "an hour ahead, and a job waits for another time",
    request: { startTime: inAnHour },
    jobs: [job({ jobState: 2, scheduledStartTime: inTwoHours })],
  },
  {
    title: "an hour ahead, and the host has its own window",
    request: { startTime: inAnHour },
    more: { link: windowed },
  },
  { title: "an hour ahead, and a resync runs already", state: 10, request: { startTime: inAnHour } },
  { title: "an hour ahead, and the VM replicates normally", state: 3, request: { startTime: inAnHour } },
  { title: "7 days ahead", request: { startTime: atSecond(sevenDays) } },
  { title: "more than 7 days ahead", request: { startTime: atSecond(sevenDays + 1) } },
  { title: "has passed", request: { startTime: aSecondAgo } },
];

/** How jobs that exist already affect a new request. */
export function otherJobsTable(): string {
  return table(
    ["The host shows", "`ifRequired`", "`always`", "Refused: do this first"],
    jobCases.map((one) => {
      const ifRequired = decided(one, "ifRequired");
      return [one.title, inWords(ifRequired), inWords(decided(one, "always")), remedyOf(ifRequired)];
    }),
  );
}

/** How a start time affects a new request. */
export function startTimeTable(): string {
  return table(
    ["`startTime`", "What is done", "Refused because"],
    startTimeCases.map((one) => {
      const decision = decided(one, "ifRequired");
      return [one.title, inWords(decision), remedyOf(decision)];
    }),
  );
}

function decided(
  { state = 9, jobs = [], request = {}, more = {} }: Case,
  policy: ResyncRequest["policy"],
): ReturnType<typeof decideResync> {
  const words = ({ code, text }: Warning): Warning => ({
    code,
    text: text.replaceAll(inAnHour, "its time").replaceAll(inTwoHours, "that time").replaceAll(aSecondAgo, "…"),
  });
  const decision = decideResync(observation({ replicationState: state, jobs, ...more }), {
    kind: "primary",
    policy,
    ...request,
  });
  return "warnings" in decision ? { ...decision, warnings: decision.warnings.map(words) } : decision;
}
