import { decideResync } from "../../../provider/core/decide/decideResync";
import type { Decision } from "../../../provider/core/decide/decision";
import { jobStates } from "../../../provider/core/hyperv/jobState";
import { replicationStateName, replicationStates } from "../../../provider/core/hyperv/replicationState";
import type { Policy } from "../../../provider/core/record/request";
import type { Warning } from "../../../provider/core/record/warnings";
import { observation } from "../../support/builders";
import { code, table } from "../markdown";

/** A number that the platform does not document. */
export const unknownState = 22;

/** Every state of a relationship with how a new request is decided in it. */
export function decisionTable(): string {
  const rows = [...replicationStates.keys(), unknownState].map((state) => {
    const decided = (policy: Policy): Decision =>
      decideResync(observation({ replicationState: state }), { kind: "primary", policy });
    const [ifRequired, always] = [decided("ifRequired"), decided("always")];
    const name = state === unknownState ? "any other number" : replicationStateName(state);
    const number = state === unknownState ? "" : String(state);
    return [number, name, inWords(ifRequired), inWords(always), remedyOf(ifRequired)];
  });
  return table(["State", "Name", "`ifRequired`", "`always`", "Refused: do this first"], rows);
}

/** A decision in a few words. */
export function inWords(decision: Decision): string {
  switch (decision.action) {
    case "start": {
      const when = decision.startTime === undefined ? "" : `, for ${code("startTime")}`;
      return `${decision.suspendFirst ? "suspend, then " : ""}**call**${when}${warned(decision.warnings)}`;
    }
    case "adopt": {
      const hasEnded = decision.job !== undefined && jobStates.get(decision.job.jobState)?.isTerminal === true;
      const what = hasEnded
        ? "take its result"
        : decision.scheduledFor === undefined
          ? "wait for it"
          : "wait for its time";
      return `${what}, no call${warned(decision.warnings)}`;
    }
    case "skip":
      return `skip: ${decision.reason}${warned(decision.warnings)}`;
    case "refuse":
      return `refuse ${code(decision.error.code)}`;
    case "resumeWaiting":
      return "keep waiting, no call";
    case "ended":
      return `ends as ${code(decision.end.outcome)}`;
    default:
      return decision satisfies never;
  }
}

/** What a refused request asks for first. */
export function remedyOf(decision: Decision): string {
  return decision.action === "refuse" ? (decision.error.remedy ?? "") : "";
}

function warned(warnings: readonly Warning[]): string {
  return warnings.map(({ text }) => `. Warns: ${text}`).join("");
}
