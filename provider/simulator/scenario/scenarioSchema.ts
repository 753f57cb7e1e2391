import { z } from "zod";
import { wsmanSchema } from "./wsmanBehaviour";
import { enabledState, linkHealth } from "./stateNames";
import { replicationStateField, scriptsField } from "./script";
import { switchesSchema } from "./switches";
import { oneOf, strict, wrongWord } from "./zodMessages";

const guid = z.guid({ error: "expected a GUID such as 5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90" }).toLowerCase();
const hostName = z.string().min(1).max(255);
const instant = z.iso.datetime({ offset: true, error: "expected a time with offset such as 2030-01-31T22:00:00Z" });
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "expected a time of day such as 18:30" });
const rights = oneOf(["administrator", "read", "none"]);

const machineSchema = strict({
  /** Display name; need not be unique. */
  name: z.string().min(1).max(255),
  /** GUID. Default: made from the host's and the machine's name, the same every time. */
  id: guid.optional(),
  /** `ReplicationMode`. Default primary. */
  mode: oneOf(["none", "primary", "replica", "testReplica", "extendedReplica"]).default("primary"),
  /** A replica that is replicated on to an extended replica. Default false. */
  extended: z.boolean().default(false),
  /** `ReplicationState` of the link that would be resynchronized. Default replicating. */
  state: replicationStateField.optional(),
  /** `ReplicationState` of an extended replica's link to its primary, with `extended`. Default replicating. */
  primaryState: replicationStateField.optional(),
  /** `ReplicationHealth` of the link that `state` belongs to. Default: what goes with the state. */
  health: oneOf(Object.keys(linkHealth)).optional(),
  /** Messages of its health issues. Default: a sentence when the health is not OK. */
  healthReasons: z.array(z.string()).optional(),
  /** Replication provider: Hyper-V's own, or the GUID of another. Default hyperV. */
  provider: z
    .union([z.literal("hyperV"), guid], { error: (issue) => wrongWord(issue.input, ["hyperV", "a GUID"]) })
    .default("hyperV"),
  /** The two ends of the link that `state` belongs to. Default: this host's name and an invented one. */
  primaryHost: hostName.optional(),
  recoveryHost: hostName.optional(),
  /** When changes were last received. Default: now while the state is replicating, else an hour ago. */
  lastReplicationTime: z.union([z.literal("never"), instant]).optional(),
  /**
   * Recovery points of the replica. A resync deletes them; with every hour of replication one comes back, until there are
   * as many as before. Default 4.
   */
  recoveryPoints: z.int().min(0).default(4),
  /** The window, in the host's local time, in which the host resynchronizes by itself. Default: none. */
  autoResync: strict({ windowStart: timeOfDay, windowEnd: timeOfDay }).optional(),
  /** `EnabledState`. Default running; for replicas off. */
  enabledState: oneOf(Object.keys(enabledState)).optional(),
  /** A planned machine: there, and not listed as `Msvm_ComputerSystem`. Default false. */
  planned: z.boolean().default(false),
  /** What happens when it is resynchronized: one script, or one for each call. */
  resync: scriptsField.prefault({}),
}).superRefine((machine, context) => {
  const refuse = (key: string, message: string) => {
    context.addIssue({ code: "custom", path: [key], message });
  };
  if (machine.extended && machine.mode !== "replica")
    refuse("extended", 'only a machine of mode "replica" can have it');
  if (machine.primaryState !== undefined && !machine.extended)
    refuse("primaryState", 'belongs together with "extended": true');
  if (machine.mode === "none" || machine.mode === "testReplica") {
    const keys = ["state", "health", "healthReasons", "autoResync", "primaryHost", "recoveryHost"] as const;
    for (const key of keys) {
      if (machine[key] !== undefined) refuse(key, `a machine of mode "${machine.mode}" has no link it could belong to`);
    }
  }
});

/** A fault that a call runs into. */
export const faultSchema = strict({
  /** The operation as the journal names it, such as `Resynchronize`; `*` for any. */
  operation: z.string().min(1),
  /**
   * `lostReplyBefore`: the connection breaks before the call is carried out; `lostReplyAfter`: after it;
   * `slowReply`: the reply takes `seconds`.
   */
  kind: oneOf(["lostReplyBefore", "lostReplyAfter", "slowReply"]),
  /** How many calls of the operation go well first. Default 0. */
  after: z.int().min(0).default(0),
  /** How many calls run into it. Default 1. */
  times: z.int().min(1).default(1),
  /** Delay of a slow reply, in seconds of the host's own time. Default 30. */
  seconds: z.number().min(0).default(30),
});

/** The scenario file: what a simulated host is like at first. Nothing else than these keys is accepted. */
export const scenarioSchema = strict({
  /** For editors; not looked at. */
  $schema: z.string().optional(),
  /** The computer's own name. */
  name: z.string().min(1).max(63),
  clock: strict({
    /** Simulated seconds per real second; 0: time stands until it is put forward. Default 1. */
    speed: z.number().min(0).max(1_000_000).default(1),
    /** What the clock shows at the first opening. Default: the real time. */
    start: instant.optional(),
    /** The host's local time, in minutes east of UTC: for the window of `autoResync`. Default 0. */
    utcOffsetMinutes: z.int().min(-840).max(840).default(0),
    /**
     * How far the host's clock is ahead of the clock of whoever calls it, in seconds, at most a year; negative: behind.
     * What the host says is in its own time. Default 0.
     */
    skewSeconds: z.number().min(-31_536_000).max(31_536_000).default(0),
  }).prefault({}),
  /** Who may log on. Default: "operator" with the password "simulated", an administrator. */
  accounts: z
    .array(strict({ user: z.string().min(1), password: z.string(), rights: rights.default("administrator") }))
    .min(1)
    .default([{ user: "operator", password: "simulated", rights: "administrator" }]),
  /** The Virtual Machine Management service. Default running. */
  service: oneOf(["running", "stopped"]).default("running"),
  /** Whether the host answers at all. Default true. */
  reachable: z.boolean().default(true),
  /** How many resyncs run at once. Default 3. */
  maximumActiveTransfers: z.int().min(1).default(3),
  /** How long every call takes, in milliseconds of the host's own time. Default 0. */
  latencyMs: z.number().min(0).default(0),
  /** Faults that are there from the beginning. Default none. */
  faults: z.array(faultSchema).default([]),
  /** Behaviours that no public source settles. */
  switches: switchesSchema.prefault({}),
  /** How its WS-Management service behaves: limits, open questions of the wire, broken replies. */
  wsman: wsmanSchema.prefault({}),
  machines: z.array(machineSchema).superRefine(refuseSameIds).default([]),
});

function refuseSameIds(machines: readonly { readonly id?: string | undefined }[], context: z.RefinementCtx): void {
  machines.forEach(({ id }, index) => {
    const first = machines.findIndex((other) => id !== undefined && other.id === id);
    if (first !== -1 && first < index) {
      context.addIssue({ code: "custom", path: [index, "id"], message: `machines[${first}] has the same` });
    }
  });
}

/** A scenario as it is written in the file. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
/** A scenario with its defaults filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
/** A scenario with a mark that changes when its file changes. */
export interface ScenarioText {
  readonly scenario: Scenario;
  readonly digest: string;
}

/** A machine of a scenario. */
export type ScenarioMachine = Scenario["machines"][number];
/** A fault that a call runs into. */
export type Fault = z.output<typeof faultSchema>;
/** A fault as it is written. */
export type FaultInput = z.input<typeof faultSchema>;
/** What an account may do: everything, read only, or nothing (it sees empty lists). */
export type Rights = z.output<typeof rights>;
