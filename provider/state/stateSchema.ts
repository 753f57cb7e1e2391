import { z } from "zod";
import { outcomes } from "../core/record/record";
import type { OutputName } from "./outputNames";

/** Version of the state this package writes. Every released version is read for ever. */
export const schemaVersion = 1;

const time = z.string().exactOptional();

/**
 * What is read back of the outputs. Names of states are for people and are not read: the numbers are in `internal`.
 */
export const stateSchema = z.object({
  outcome: z.enum(outcomes),
  reason: z.string().exactOptional(),
  warnings: z.array(z.string()),
  completionTime: time,
  returnCode: z.number().exactOptional(),
  vmId: z.string(),
  vmName: z.string(),
  hostName: z.string(),
  request: z.object({
    attempts: z.number(),
    adopted: z.boolean(),
    completionTimeSource: z.enum(["job", "observed"]).exactOptional(),
    requestedAt: time,
    scheduledStartTime: time,
    startedAt: time,
    durationSeconds: z.number().exactOptional(),
  }),
  replication: z.object({
    healthReasons: z.array(z.string()),
    lastReplicationTime: time,
    observedAt: z.string(),
    primaryHost: z.string().exactOptional(),
    recoveryHost: z.string().exactOptional(),
  }),
  job: z
    .object({
      id: z.string(),
      errorCode: z.number().exactOptional(),
      errorDescription: z.string().exactOptional(),
      percentComplete: z.number().exactOptional(),
    })
    .exactOptional(),
  failures: z.object({ inRow: z.number(), since: time, nextAttemptAt: time }),
  internal: z.object({
    schemaVersion: z.number(),
    requestId: z.string(),
    sawResync: z.boolean(),
    sawJob: z.boolean(),
    suspendedByUs: z.boolean(),
    /** Codes of `warnings`, in their order. */
    warningCodes: z.array(z.string()),
    replicationMode: z.number(),
    replicationHealth: z.number(),
    /** Absent: there is, or was, no relationship. */
    replicationState: z.number().exactOptional(),
    replicationStateBefore: z.number().exactOptional(),
    jobState: z.number().exactOptional(),
  }),
} satisfies Record<OutputName, z.ZodType>);

export type StoredState = z.infer<typeof stateSchema>;
