import { z } from "zod";
import { faultSchema } from "../scenario/scenarioSchema";
import { scriptSchema } from "../scenario/script";
import { switchesSchema } from "../scenario/switches";

const time = z.int();
const linkNumber = z.union([z.literal(0), z.literal(1)]);

const runSchema = z.strictObject({
  /**
   * scheduled: before its start time; queued: behind another of the same relationship; waiting: for a free transfer; starting:
   * relationship in 9; running: 10; paused: 11.
   */
  phase: z.enum(["scheduled", "queued", "waiting", "starting", "running", "paused"]),
  /** `null`: the run has no job, or lost it. */
  jobId: z.string().nullable(),
  scheduledAtMs: time.nullable(),
  /** When it began, or continued after a pause; what was done before is in `workedMs`. */
  resumedAtMs: time,
  workedMs: time,
  script: scriptSchema,
});

const linkSchema = z.strictObject({
  number: linkNumber,
  state: z.int(),
  health: z.int(),
  healthReasons: z.array(z.string()),
  /** When `state` was entered: replication cycles are counted from there. */
  enteredAtMs: time,
  lastReplicationMs: time.nullable(),
  primaryHost: z.string(),
  recoveryHost: z.string(),
  provider: z.string(),
  autoResync: z.strictObject({ startMinute: z.int(), endMinute: z.int() }).nullable(),
  run: runSchema.nullable(),
  /** Resyncs that come after `run`, in this order. */
  later: z.array(runSchema).default([]),
});

const machineSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Raw `ReplicationMode` and `EnabledState`. */
  mode: z.int(),
  enabledState: z.int(),
  planned: z.boolean(),
  recoveryPoints: z.int(),
  /** How many it keeps, and from when on the next one counts. */
  mostRecoveryPoints: z.int().default(24),
  recoveryPointsFromMs: time.default(0),
  links: z.array(linkSchema),
  scripts: z.array(scriptSchema).min(1),
  /** Calls of `Resynchronize` that got as far as a script. */
  calls: z.int(),
  /** Whether the scenario file names it: one that was moved here is not in it and stays. */
  fromScenario: z.boolean(),
});

const jobSchema = z.strictObject({
  id: z.string(),
  machineId: z.string(),
  type: z.int(),
  state: z.int(),
  /** Percent of an ended job; of a running one it follows from its run. */
  percent: z.int(),
  errorCode: z.int(),
  errorDescription: z.string(),
  owner: z.string(),
  submittedAtMs: time,
  scheduledAtMs: time,
  startedAtMs: time.nullable(),
  changedAtMs: time,
  endedAtMs: time.nullable(),
  /** How it will end although its work is over already. */
  lateEnd: z
    .strictObject({
      atMs: time,
      state: z.int(),
      percent: z.int().optional(),
      errorCode: z.int().optional(),
      errorDescription: z.string().optional(),
    })
    .nullable()
    .default(null),
});

const accountSchema = z.strictObject({ user: z.string(), rights: z.enum(["administrator", "read", "none"]) });

/** What a simulated host remembers: the content of its state file. Never holds a password. */
export const hostStateSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  clock: z.strictObject({ simulatedAtMs: z.number(), realAtMs: z.number(), speed: z.number() }),
  utcOffsetMinutes: z.int(),
  /** The latest time the model has been taken to; it never goes back. */
  nowMs: time,
  service: z.enum(["running", "stopped"]),
  reachable: z.boolean(),
  maximumActiveTransfers: z.int(),
  accounts: z.array(accountSchema),
  switches: switchesSchema,
  faults: z.array(faultSchema),
  machines: z.array(machineSchema),
  /** VMs of the scenario that were taken away, and are not to come back with it. */
  removedIds: z.array(z.string()),
  /** VMs that were taken out to be moved, until the host they go to has them: where to, and this host's time then. */
  leaving: z.array(z.strictObject({ machine: machineSchema, to: z.string(), leftAtMs: time })).default([]),
  jobs: z.array(jobSchema),
  jobsMade: z.int(),
  /** State changes that a job carries out later. */
  pendingChanges: z.array(
    z.strictObject({ atMs: time, machineId: z.string(), link: linkNumber, requestedState: z.int(), jobId: z.string() }),
  ),
  /** What the scenario said when it was last looked at: only a change of it counts. */
  scenario: z.strictObject({
    digest: z.string(),
    service: z.enum(["running", "stopped"]),
    reachable: z.boolean(),
    accounts: z.array(accountSchema),
  }),
  /** The journal's length in bytes before its last line, and that line. */
  journal: z.strictObject({ bytesBefore: z.int().min(0), lastLine: z.string() }),
});

export type HostState = z.output<typeof hostStateSchema>;
export type MachineState = HostState["machines"][number];
export type LinkState = MachineState["links"][number];
export type ResyncRun = NonNullable<LinkState["run"]>;
export type JobRecord = HostState["jobs"][number];
export type LinkNumber = LinkState["number"];
