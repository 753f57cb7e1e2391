import { judgeReading } from "../../../provider/core/wait/judgeReading";
import { jobStateName, jobStates } from "../../../provider/core/hyperv/jobState";
import { awaited, job, observation, seen } from "../../support/builders";
import { table } from "../markdown";
import { inWords } from "./waitStates";

/** A number that the platform does not document. */
const unknownJobState = 77;

/** Every state of a job with what it means for a wait, by the state of the relationship. */
export function jobStatesTable(): string {
  const rows = [...jobStates.keys(), unknownJobState].map((jobState) => {
    const known = jobStates.get(jobState);
    return [
      known === undefined ? "" : String(jobState),
      known === undefined ? "any other number" : jobStateName(jobState),
      known === undefined ? "not known" : known.isTerminal ? "yes" : "no",
      ...[9, 10, 3].map((state) => assess(jobState, state)),
    ];
  });
  return table(
    ["`JobState`", "Name", "Ended", "Relationship in 9, 10 not seen yet", "Relationship in 10", "Relationship in 3"],
    rows,
  );
}

function assess(jobState: number, replicationState: number): string {
  const shown = observation({ replicationState, jobs: [job({ jobState, percentComplete: 50 })] });
  const words = inWords(judgeReading(shown, awaited(), seen({ doneReadings: 1 })).verdict);
  return words.replace(/^failed: job .*/, "failed").replace(/ 50 %/, "");
}
