import type { ResyncRecord } from "../../../provider/core/record/record";
import { readState } from "../../../provider/state/readState";
import { schemaVersion } from "../../../provider/state/stateSchema";

type Outputs = Readonly<Record<string, unknown>>;

/** Outputs as a later version may have written them. */
export function ofNewerVersion(outputs: Outputs, version = schemaVersion + 1): Record<string, unknown> {
  return { ...outputs, internal: { ...(outputs.internal as object), schemaVersion: version } };
}

/** The record that outputs hold, which must be readable. */
export function recordIn(outputs: Outputs): ResyncRecord {
  const state = readState(outputs);
  if (state.kind !== "readable") throw new Error(`not readable: ${JSON.stringify(state)}`);
  return state.record;
}
