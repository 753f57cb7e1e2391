import { z } from "zod";
import { machineSchema } from "./machineSchema";
import type { FaultInput, ScenarioInput } from "./scenarioInput";
import { switchesSchema } from "./switches";
import { takesExactly } from "./takesExactly";
import { wsmanSchema } from "./wsmanBehaviour";
import { oneOf, strict, timestamp } from "./zodMessages";

/** A fault that a call runs into; what each key means: {@link FaultInput}. */
export const faultSchema = takesExactly<FaultInput>()(
  strict({
    operation: z.string().min(1),
    kind: oneOf(["lostReplyBefore", "lostReplyAfter", "slowReply"]),
    after: z.int().min(0).default(0),
    times: z.int().min(1).default(1),
    seconds: z.number().min(0).default(30),
  }),
);

/** The scenario file; what each key means: {@link ScenarioInput}. */
export const scenarioSchema = takesExactly<ScenarioInput>()(
  strict({
    $schema: z.string().optional(),
    name: z.string().min(1).max(63),
    clock: strict({
      speed: z.number().min(0).max(1_000_000).default(1),
      start: timestamp.optional(),
      utcOffsetMinutes: z.int().min(-840).max(840).default(0),
      skewSeconds: z.number().min(-31_536_000).max(31_536_000).default(0),
    }).prefault({}),
    accounts: z
      .array(
        strict({
          user: z.string().min(1),
          password: z.string(),
          rights: oneOf(["administrator", "read", "none"]).default("administrator"),
        }),
      )
      .min(1)
      .default([{ user: "operator", password: "simulated", rights: "administrator" }]),
    service: oneOf(["running", "stopped"]).default("running"),
    reachable: z.boolean().default(true),
    maximumActiveTransfers: z.int().min(1).default(3),
    latencyMs: z.number().min(0).default(0),
    faults: z.array(faultSchema).default([]),
    switches: switchesSchema.prefault({}),
    wsman: wsmanSchema.prefault({}),
    machines: z.array(machineSchema).superRefine(refuseSameIds).default([]),
  }),
);

function refuseSameIds(machines: readonly { readonly id?: string | undefined }[], context: z.RefinementCtx): void {
  machines.forEach(({ id }, index) => {
    const first = machines.findIndex((other) => id !== undefined && other.id === id);
    if (first !== -1 && first < index) {
      context.addIssue({ code: "custom", path: [index, "id"], message: `machines[${first}] has the same` });
    }
  });
}

/** A scenario with its defaults filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
/** A scenario with a mark that changes when its file changes. */
export interface ScenarioText {
  readonly scenario: Scenario;
  readonly digest: string;
}

/** A fault that a call runs into. */
export type Fault = z.output<typeof faultSchema>;
