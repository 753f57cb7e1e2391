import type { EarlierRun } from "../decide/decision";
import type { Observation } from "../host/observation";
import type { RunContext } from "../host/runContext";
import { type CarriedOver, newRecord } from "../record/beginning";
import type { ResyncRecord } from "../record/record";
import type { ResyncRequest } from "../record/request";
import type { Awaited, Seen } from "../wait/awaited";

export interface ResyncContext extends RunContext {
  /** A new opaque id for a request. */
  readonly newRequestId: () => string;
}

/** One attempt at a request: all that a decision is carried out with. */
export interface Attempt {
  readonly observation: Observation;
  readonly request: ResyncRequest;
  readonly earlier: EarlierRun | undefined;
  readonly context: ResyncContext;
}

/** A resync that was begun, by this request or by somebody else, and is now to be waited for. */
export interface Begun {
  readonly record: ResyncRecord;
  readonly awaited: Awaited;
  readonly seen: Seen;
}

/** The record of a request that begins with this attempt. */
export function beginRecord({ observation, earlier, context }: Attempt): ResyncRecord {
  return newRecord(observation, context.newRequestId(), earlier && carriedOver(earlier));
}

/** A further try of a request is the same request; a heal is another one, whose failures count on. */
function carriedOver({ kind, record }: EarlierRun): CarriedOver {
  if (kind === "resume") return record;
  const { failuresInRow, failingSince } = record;
  return { failuresInRow, ...(failingSince !== undefined && { failingSince }) };
}
