import { z } from "zod";
import type { MachineInput } from "./machineInput";
import { replicationStateField, scriptsField } from "./script";
import { enabledState, linkHealth, namesIn } from "./stateNames";
import { takesExactly } from "./takesExactly";
import { oneOf, strict, timestamp, wrongWord } from "./zodMessages";

const guid = z.guid({ error: "expected a GUID such as 5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90" }).toLowerCase();
const hostName = z.string().min(1).max(255);
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "expected a time of day such as 18:30" });

/** A VM of a scenario; what each key means: {@link MachineInput}. */
export const machineSchema = takesExactly<MachineInput>()(
  strict({
    name: z.string().min(1).max(255),
    id: guid.optional(),
    mode: oneOf(["none", "primary", "replica", "testReplica", "extendedReplica"]).default("primary"),
    extended: z.boolean().default(false),
    state: replicationStateField.optional(),
    primaryState: replicationStateField.optional(),
    health: oneOf(namesIn(linkHealth)).optional(),
    healthReasons: z.array(z.string()).optional(),
    provider: z
      .union([z.literal("hyperV"), guid], { error: (issue) => wrongWord(issue.input, ["hyperV", "a GUID"]) })
      .default("hyperV"),
    primaryHost: hostName.optional(),
    recoveryHost: hostName.optional(),
    lastReplicationTime: z.union([z.literal("never"), timestamp]).optional(),
    recoveryPoints: z.int().min(0).default(4),
    autoResync: strict({ windowStart: timeOfDay, windowEnd: timeOfDay }).optional(),
    enabledState: oneOf(namesIn(enabledState)).optional(),
    planned: z.boolean().default(false),
    resync: scriptsField.prefault({}),
  }).superRefine((machine, context) => {
    const refuse = (key: string, message: string) => {
      context.addIssue({ code: "custom", path: [key], message });
    };
    if (machine.extended && machine.mode !== "replica") refuse("extended", 'only a VM of mode "replica" can have it');
    if (machine.primaryState !== undefined && !machine.extended)
      refuse("primaryState", 'belongs together with "extended": true');
    if (machine.mode === "none" || machine.mode === "testReplica") {
      const keys = ["state", "health", "healthReasons", "autoResync", "primaryHost", "recoveryHost"] as const;
      for (const key of keys) {
        if (machine[key] !== undefined)
          refuse(key, `a VM of mode "${machine.mode}" has no replication relationship it could belong to`);
      }
    }
  }),
);

/** A VM of a scenario with its defaults filled in. */
export type ScenarioMachine = z.output<typeof machineSchema>;
