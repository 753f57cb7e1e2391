import { z } from "zod";
import type { ResyncInput } from "./machineInput";
import { stateByName } from "./stateNames";
import { takesExactly } from "./takesExactly";
import { oneOf, strict, wrongWord } from "./zodMessages";

/** A `ReplicationState` by name, or as a number for states that no table knows. */
export const replicationStateField = z
  .union([z.enum([...stateByName.keys()]), z.int().min(0).max(0xffff)], {
    error: (issue) => wrongWord(issue.input, [...stateByName.keys()]),
  })
  .transform((state) => (typeof state === "number" ? state : (stateByName.get(state) ?? 0)));

/** What happens when `Resynchronize` is called; what each key means: {@link ResyncInput}. */
export const scriptSchema = takesExactly<ResyncInput>()(
  strict({
    seconds: z.number().min(0).default(60),
    startDelaySeconds: z.number().min(0).default(1),
    mergeSeconds: z.number().min(0).default(0),
    returnCode: z.int().min(0).max(0xffff_ffff).optional(),
    startsAnyway: z.boolean().default(false),
    end: oneOf(["success", "warning", "exception", "terminated", "killed", "stuck"]).default("success"),
    stateAfterFailure: replicationStateField.default(9),
    errorCode: z.int().min(0).max(0xffff).optional(),
    errorDescription: z.string().optional(),
    percent: z.array(z.int().min(0).max(100)).min(1).optional(),
  }),
);

/** One resync, as scripted. */
export type Script = z.output<typeof scriptSchema>;

/** One script for every call, or a list: one for each call, the last for all that follow. */
export const scriptsField = z.union([scriptSchema, z.array(scriptSchema).min(1)]).transform((one) => [one].flat());
