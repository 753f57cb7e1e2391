import type { Seen } from "../../../provider/core/wait/awaited";
import { judgeReading } from "../../../provider/core/wait/judgeReading";
import type { Verdict } from "../../../provider/core/wait/verdict";
import { replicationStateName, replicationStates } from "../../../provider/core/hyperv/replicationState";
import { awaited, observation, seen } from "../../support/builders";
import { code, table } from "../markdown";
import { unknownState } from "./decision";

/** Every state of a relationship with what it means for a wait, before and after state 10 was seen. No job is shown. */
export function waitStatesTable(): string {
  const rows = [...replicationStates.keys(), unknownState].map((state) => {
    const isUnknown = state === unknownState;
    const before = assess(state, seen({ isTrusted: true, doneReadings: 1 }));
    const after = assess(state, seen({ isTrusted: true, doneReadings: 1, resynchronizing: true }));
    return [
      isUnknown ? "" : String(state),
      isUnknown ? "any other number" : replicationStateName(state),
      inWords(before),
      inWords(after),
    ];
  });
  return table(["State", "Name", "Before state 10 was seen", "After state 10 was seen"], rows);
}

function assess(replicationState: number, before: Seen): Verdict {
  return judgeReading(observation({ replicationState }), awaited({ jobId: undefined }), before).verdict;
}

/** What a reading means, in a few words. */
export function inWords(verdict: Verdict): string {
  switch (verdict.kind) {
    case "pending":
      return `keep waiting (${verdict.status})${verdict.warning === undefined ? "" : ", with a warning"}`;
    case "completed":
      return `completed, when read twice${verdict.warning === undefined ? "" : ", with a warning"}`;
    case "failed":
      return `failed: ${verdict.reason}`;
    case "gone":
      return `stop waiting with ${code("NOT_FOUND")}`;
    case "unexpected":
      return `stop waiting with ${code("UNEXPECTED_STATE")}`;
    default:
      return verdict satisfies never;
  }
}
