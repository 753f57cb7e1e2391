import { ReplicaResyncError } from "../../../provider/core/errors";
import { type Answer, goodRun, longRun, type Script, type Timeline } from "../../support/fakeHost";
import { table } from "../markdown";
import { Rehearsal } from "../rehearsal";
import { counting, deeds, ending } from "../wording";

interface Case {
  readonly title: string;
  /** What happens from the call on. */
  readonly run: Timeline;
  readonly changes?: Script["changes"];
  readonly inputs?: Readonly<Record<string, unknown>>;
}

const away = new ReplicaResyncError("UNREACHABLE", "the host does not answer");
const running: Timeline = [
  [0, { jobs: [{ percentComplete: 0 }] }],
  [2, { state: 10, jobs: [{ percentComplete: 10 }] }],
];
const wellAt = (seconds: number): Timeline => [
  [seconds, { state: 3, jobs: [{ jobState: 7, percentComplete: 100 }] }],
  [seconds + 300, { jobs: [] }],
];
const merging: Answer = { reply: { returnCode: 32775 } };

const cases: readonly Case[] = [
  { title: "it ends well, and the relationship replicates normally", run: goodRun },
  {
    title: "the job completes with warnings",
    run: [...running, [60, { state: 3, jobs: [{ jobState: 32768, percentComplete: 100 }] }]],
  },
  {
    title: "the job ends well long before the relationship leaves 10",
    run: [...running, [10, { jobs: [{ jobState: 7 }] }], [310, { jobs: [] }], [900, { state: 3 }]],
  },
  {
    title: "the percentage goes backwards",
    run: [...running, [60, { jobs: [{ percentComplete: 4 }] }], ...wellAt(600)],
  },
  {
    title: "the job ends badly: exception, terminated or killed",
    run: [...running, [60, { state: 9, jobs: [{ jobState: 8 }] }]],
  },
  { title: "an operator cancels it: 10 back to 9", run: [...running, [60, { state: 9, jobs: [] }]] },
  { title: "10 back to 8", run: [...running, [60, { state: 8, jobs: [] }]] },
  {
    title: "an operator pauses it (11) and lets it continue",
    run: [...running, [60, { state: 11 }], [600, { state: 10 }], ...wellAt(1_200)],
  },
  { title: "an operator pauses it (11) and does not continue it", run: [...running, [60, { state: 11 }]] },
  {
    title: "an operator suspends replication (7) and resumes it",
    run: [...running, [60, { state: 7, jobs: [] }], [600, { state: 3 }]],
  },
  {
    title: "its disks are being changed (15) first",
    run: [[0, { state: 15, jobs: [{}] }], [600, { state: 10 }], ...wellAt(1_200)],
  },
  {
    title: "the service is stopped for 5 min, the resync continues",
    run: [...running, [60, { service: false, jobs: [] }], [360, { service: true, state: 10 }], ...wellAt(1_200)],
  },
  {
    title: "the host is restarted before state 10: job gone, still 9",
    run: [
      [0, { jobs: [{}] }],
      [60, { jobs: [] }],
    ],
  },
  { title: "a failover: 4, 5, 6, 12, 13 or 14", run: [...running, [60, { state: 12, jobs: [] }]] },
  { title: "the roles are reversed", run: [...running, [60, { state: 3, jobs: [], vm: { replicationMode: 2 } }]] },
  { title: "replication is removed", run: [...running, [60, { state: null, jobs: [], vm: { replicationMode: 0 } }]] },
  { title: "1, 2, 16 or 18 to 21", run: [...running, [60, { state: 2, jobs: [] }]] },
  { title: "17, or an undocumented state", run: [...running, [60, { state: 17, jobs: [] }]] },
  { title: "an undocumented job state", run: [...running, [60, { jobs: [{ jobState: 77 }] }]] },
  {
    title: "the VM is not shown for 2 s",
    run: [...running, [60, { vm: null }], [62, { vm: {} }], ...wellAt(600)],
  },
  { title: "the VM is moved, deleted, or no longer visible", run: [...running, [60, { vm: null }]] },
  {
    title: "the host does not answer for half an hour",
    run: [...running, [60, { error: away }], [1_860, { error: null }], ...wellAt(1_900)],
  },
  { title: "the host no longer answers", run: [...running, [60, { error: away }]] },
  {
    title: "the rights or the credentials are withdrawn",
    run: [...running, [60, { error: new ReplicaResyncError("ACCESS_DENIED", "no rights") }]],
  },
  { title: "`timeoutSeconds` have passed", run: longRun },
  {
    title: '`timeoutSeconds` have passed, `onTimeout: "cancel"`',
    run: longRun,
    inputs: { onTimeout: "cancel" },
    changes: { 9: { then: [[0, { state: 9, jobs: [{ jobState: 8 }] }]] } },
  },
  {
    title: "the same, and the host does not cancel: its disks are being merged",
    run: longRun,
    inputs: { onTimeout: "cancel" },
    changes: { 9: merging },
  },
];

/** Everything that can happen between a call and its end. */
export async function waitEndsTable(): Promise<string> {
  const rows = cases.map(async ({ title, run, changes, inputs = {} }) => {
    const rehearsal = new Rehearsal({
      script: { starts: [{ then: run }, { then: goodRun }], ...(changes !== undefined && { changes }) },
      inputs: { timeoutSeconds: 3_600, ...inputs },
    });
    const came = await rehearsal.up();
    const warnings =
      Array.isArray(came.outputs?.warnings) && came.outputs.warnings.length > 0 ? ", with a warning" : "";
    rehearsal.pass(10);
    const again = await rehearsal.up();
    const next = again.did === "same" ? deeds(again) : `${deeds(again)}; ${ending(again, came.outputs)}`;
    return [title, `${ending(came)}${warnings}`, counting(came), next];
  });
  const header = [
    "What happens",
    "The run ends",
    "Counted as failed",
    "The next `up`, at once, if nothing else happens",
  ];
  return table(header, await Promise.all(rows));
}
