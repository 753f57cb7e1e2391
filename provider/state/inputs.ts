import { z } from "zod";
import { oneOf } from "../core/text/oneOf";
import { connectionSchema } from "../connection/fields";

/** The inputs of the engine and of the resource class that are not the user's. */
export const internalInputs: ReadonlySet<string> = new Set(["__provider", "__urn", "__defaults"]);

/** What a wait is taken to be where an input is left out. */
export const inputDefaults = {
  relationship: "primary",
  policy: "ifRequired",
  wait: "completed",
  timeoutSeconds: 86_400,
  stalledAfterSeconds: 3_600,
  onTimeout: "leave",
} as const;

const relationships = ["primary", "extended"] as const;
const policies = ["ifRequired", "always"] as const;
const waits = ["completed", "started"] as const;
const onTimeouts = ["leave", "cancel"] as const;

const dateForm = "expected a date and time with offset in ISO 8601, such as 2026-11-22T22:00:00+01:00";

/** 30 days: far beyond any resync, and a bound for what is meant as milliseconds. */
const longestSeconds = 30 * 86_400;

/** The inputs as a user gives them. Nothing here looks at a clock or a host. */
export const inputsSchema = z.strictObject({
  vm: z
    .string("expected the display name or the GUID of a VM")
    .refine((name) => name.trim() !== "", "expected the display name or the GUID of a VM, got an empty text")
    .optional(),
  connection: connectionSchema.optional(),
  relationship: z.enum(relationships, `expected ${oneOf(relationships)}`).optional(),
  triggers: z
    .custom<unknown[] | Record<string, unknown>>(
      (value) => typeof value === "object" && value !== null,
      "expected a list or a map of values",
    )
    .optional(),
  policy: z.enum(policies, `expected ${oneOf(policies)}`).optional(),
  startTime: z.iso
    .datetime({ offset: true, error: dateForm, abort: true })
    .refine((time) => !Number.isNaN(Date.parse(time)), dateForm)
    .optional(),
  wait: z.enum(waits, `expected ${oneOf(waits)}`).optional(),
  timeoutSeconds: z
    .number("expected a number of seconds above 0")
    .positive("expected a number of seconds above 0")
    .max(longestSeconds, `expected at most ${longestSeconds} seconds (30 days)`)
    .optional(),
  stalledAfterSeconds: z
    .number("expected a number of seconds, or 0 for never")
    .min(0, "expected a number of seconds, or 0 for never")
    .optional(),
  onTimeout: z.enum(onTimeouts, `expected ${oneOf(onTimeouts)}`).optional(),
});

/** The inputs of one resource, as the plugin knows them. */
export type Inputs = z.infer<typeof inputsSchema>;
export type InputName = keyof Inputs;
