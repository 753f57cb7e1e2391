import { decideHeal, decideResumed } from "./decideAgain";
import { decideNew } from "./decideNew";
import type { Decision, EarlierRun } from "./decision";
import type { Observation } from "../host/observation";
import type { ResyncRequest } from "../record/request";

/**
 * Decides what a request comes to, given what the host shows and what the state already says. Pure, and the only place
 * where it is decided; the host's own clock is the one that counts.
 */
export function decideResync(
  observation: Observation,
  request: Pick<ResyncRequest, "kind" | "policy" | "startTime" | "earlierJobId">,
  earlier?: EarlierRun,
): Decision {
  switch (earlier?.kind) {
    case undefined:
      return decideNew(observation, request);
    case "resume":
      return decideResumed(observation, request, earlier);
    case "heal":
      return decideHeal(observation, request, earlier.record);
    default:
      return earlier satisfies never;
  }
}
