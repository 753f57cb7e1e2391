import { z } from "zod";
import { outcomes, type ResyncRecord } from "../core/record/record";
import { withoutNulls } from "./unknowns";

/** Version of the state this package writes. Older ones are read for ever. */
export const schemaVersion = 1;

const time = z.string();

/** The outputs beside the echoed inputs, as they stand in a stack's state. */
export const recordSchema = z.object({
  outcome: z.enum(outcomes),
  requestId: z.string(),
  adopted: z.boolean(),
  attempts: z.number(),
  reason: z.string().exactOptional(),
  vmId: z.string(),
  vmName: z.string(),
  hostName: z.string(),
  replicationMode: z.string(),
  primaryHost: z.string().exactOptional(),
  recoveryHost: z.string().exactOptional(),
  returnCode: z.number().exactOptional(),
  returnCodeName: z.string().exactOptional(),
  jobId: z.string().exactOptional(),
  jobState: z.string().exactOptional(),
  jobErrorCode: z.number().exactOptional(),
  percentComplete: z.number().exactOptional(),
  requestedAt: time.exactOptional(),
  scheduledStartTime: time.exactOptional(),
  startedAt: time.exactOptional(),
  completionTime: time.exactOptional(),
  completionTimeSource: z.enum(["job", "observed"]).exactOptional(),
  durationSeconds: z.number().exactOptional(),
  observedAt: time,
  replicationStateBefore: z.string().exactOptional(),
  replicationState: z.string(),
  replicationHealth: z.string(),
  healthReasons: z.array(z.string()),
  lastReplicationTime: time.exactOptional(),
  failuresInRow: z.number(),
  failingSince: time.exactOptional(),
  nextAttemptAt: time.exactOptional(),
  warnings: z.array(z.string()),
});

/** A state as it was found. */
export type StoredState =
  | { readonly kind: "readable"; readonly record: ResyncRecord }
  /** Written by a newer version of this package: must not be touched. */
  | { readonly kind: "newer"; readonly schemaVersion: number }
  /** Not a state of ours, or damaged. */
  | { readonly kind: "unreadable"; readonly reason: string };

/** Reads what an earlier run recorded. */
export function readState(outputs: Readonly<Record<string, unknown>>): StoredState {
  const version = outputs.schemaVersion;
  if (typeof version === "number" && version > schemaVersion) return { kind: "newer", schemaVersion: version };
  const parsed = recordSchema.safeParse(withoutNulls(outputs));
  if (parsed.success) return { kind: "readable", record: parsed.data };
  const [issue] = parsed.error.issues;
  return { kind: "unreadable", reason: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not readable"}` };
}

/** The echoed inputs with the record: all outputs, as the engine is to keep them. */
export function toOutputs(inputs: Readonly<Record<string, unknown>>, record: ResyncRecord): Record<string, unknown> {
  return { ...inputs, ...record, schemaVersion };
}

/** The inputs that an earlier run echoed: what is left of the outputs without the record. */
export function echoedInputs(outputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).filter(([name]) => !(name in recordSchema.shape) && name !== "schemaVersion"),
  );
}
