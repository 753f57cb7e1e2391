import { z } from "zod";
import { stateByName } from "./stateNames";
import { oneOf, strict, wrongWord } from "./zodMessages";

/** A `ReplicationState` by name, or as a number for states that no table knows. */
export const replicationStateField = z
  .union([z.enum([...stateByName.keys()]), z.int().min(0).max(0xffff)], {
    error: (issue) => wrongWord(issue.input, [...stateByName.keys()]),
  })
  .transform((state) => (typeof state === "number" ? state : (stateByName.get(state) ?? 0)));

/** What happens when `Resynchronize` is called for a machine. Durations are in the host's own time. */
export const scriptSchema = strict({
  /** From the accepted call (or the start time, or a free transfer) to the end, in seconds. Default 60. */
  seconds: z.number().min(0).default(60),
  /** How much of it passes before the link leaves state 9 for 10, in seconds; the job is "starting" then. Default 1. */
  startDelaySeconds: z.number().min(0).default(1),
  /** The last part of it, in which disks are merged and a cancel is refused, in seconds. Default 0. */
  mergeSeconds: z.number().min(0).default(0),
  /** The return value, whatever the state. Default: what the state asks for. 0 completes the resync at once. */
  returnCode: z.int().min(0).max(0xffff_ffff).optional(),
  /** With a `returnCode` above 4096: the resync begins all the same (32771 and 32772 leave that open). Default false. */
  startsAnyway: z.boolean().default(false),
  /**
   * How it ends: job 7, 32768, 10, 8 or 9, or never. After the first two the link replicates, else it needs a resync
   * again. Default success.
   */
  end: oneOf(["success", "warning", "exception", "terminated", "killed", "stuck"]).default("success"),
  /** `ReplicationState` after a resync that failed. Default resynchronizationRequired. */
  stateAfterFailure: replicationStateField.default(9),
  /** `ErrorCode` of the ended job. Default 32768 for an exception, else 0. */
  errorCode: z.int().min(0).max(0xffff).optional(),
  /** `ErrorDescription` of the ended job. Default: a sentence for a failure, else empty. */
  errorDescription: z.string().optional(),
  /**
   * `PercentComplete` over time: each value for an equal share of `seconds`; it may go backwards. Default: rises evenly
   * to 100, for a stuck resync to 50.
   */
  percent: z.array(z.int().min(0).max(100)).min(1).optional(),
});

/** One resync, as scripted. */
export type Script = z.output<typeof scriptSchema>;

/** One script for every call, or a list: one for each call, the last for all that follow. */
export const scriptsField = z.union([scriptSchema, z.array(scriptSchema).min(1)]).transform((one) => [one].flat());
