import { ReplicaResyncError } from "../../../provider/core/errors";
import type { ResyncRecord } from "../../../provider/core/record/record";
import { failedRecord, record } from "../../support/builders";
import { atSecond } from "../../support/fakeClock";
import { type Answer, badRun, longRun, type Scene } from "../../support/fakeHost";
import { table } from "../markdown";
import { Rehearsal, type Situation } from "../rehearsal";
import { counting, ending } from "../wording";

interface Case extends Situation {
  readonly title: string;
  /** Inputs that are new in this run. */
  readonly now?: Readonly<Record<string, unknown>>;
  readonly isStopped?: boolean;
}

const refused: Answer = { reply: { returnCode: 32774 } };
const requiredAgain = record({ outcome: "completed", replicationState: 9 });
const twiceBad = failedRecord({ failuresInRow: 2, nextAttemptAt: atSecond(3_600) });
const away: Scene = { error: new ReplicaResyncError("UNREACHABLE", "the host does not answer") };

const cases: readonly Case[] = [
  { title: "the resync ends badly", script: { starts: [{ then: badRun }] } },
  { title: "it stays unknown whether the call was accepted", script: { starts: [{ reply: { returnCode: 32771 } }] } },
  {
    title: '`onTimeout: "cancel"` cancels it',
    script: { starts: [{ then: longRun }], changes: { 9: { then: [[0, { state: 9, jobs: [] }]] } } },
    inputs: { timeoutSeconds: 600, onTimeout: "cancel" },
  },
  {
    title: "the host refuses the call for state 9 that a refresh has recorded",
    stored: requiredAgain,
    script: { starts: [refused] },
  },
  { title: "the host refuses the call of a retry", stored: failedRecord(), script: { starts: [refused] } },
  { title: "the host refuses the call of a new resource", script: { starts: [refused] } },
  {
    title: "the host refuses the call of new `triggers`",
    stored: record({ outcome: "completed" }),
    now: { triggers: ["new"] },
    script: { starts: [refused] },
  },
  { title: "an `up` before `failures.nextAttemptAt`", stored: twiceBad },
  { title: "the host does not answer", stored: failedRecord(), script: { timeline: [[0, away]] } },
  { title: "`timeoutSeconds` have passed", script: { starts: [{ then: longRun }] }, inputs: { timeoutSeconds: 600 } },
  { title: "Ctrl-C while it waits", script: { starts: [{ then: longRun }] }, isStopped: true },
  { title: "the VM replicates normally by then", stored: twiceBad, script: { timeline: [[0, { state: 3 }]] } },
  { title: "new `triggers`, and the call is accepted", stored: twiceBad, now: { triggers: ["new"] } },
];

/** What is counted as one more failure in a row, and what is not. */
export async function countsTable(): Promise<string> {
  const rows = cases.map(async ({ title, now = {}, isStopped = false, ...situation }) => {
    const rehearsal = new Rehearsal(situation);
    const came = await rehearsal.up(({ plugin }) => {
      rehearsal.host.onCall = ({ operation }) => {
        if (isStopped && operation === "readVms" && rehearsal.host.log.starts > 0) plugin.stop();
      };
    }, now);
    const before: ResyncRecord | undefined = situation.stored;
    return [title, ending(came, before), counting(came, before)];
  });
  return table(["What happens", "The run ends", "Counted"], await Promise.all(rows));
}
