import * as fc from "fast-check";
import type { ScenarioInput } from "../../provider/simulator/scenario/scenarioInput";
import { switchesSchema } from "../../provider/simulator/scenario/switches";
import { type Fault, faultSchema } from "../emulators/powershell/faults";
import type { Disturbance } from "./disturbance";
import { type HostEvent, machineNames, otherAccount, resourceAccount } from "./hostEvents";
import type { Declaration, Edit } from "./program";
import type { WireFault } from "./wireFaults";
import type { WsmanWay } from "./wsmanDoor";
import { password } from "./secrets";
import type { UpOptions } from "./stack";

/** What a user does, one after the other. */
export type Command =
  | ({ readonly do: "up"; readonly edits: readonly Edit[]; readonly disturbances: readonly Disturbance[] } & UpOptions)
  | { readonly do: "refresh"; readonly disturbances: readonly Disturbance[] }
  | { readonly do: "preview"; readonly edits: readonly Edit[] }
  | { readonly do: "destroy" }
  | { readonly do: "pass"; readonly seconds: number }
  | { readonly do: "happen"; readonly event: HostEvent };

/** One case: a host, a program, and what happens to them. Plain data, so that a failing one can be printed and shrunk. */
export interface Case {
  readonly scenario: ScenarioInput;
  readonly resources: readonly Declaration[];
  readonly commands: readonly Command[];
  /** The state in which an operator leaves a VM that must be repaired, at the end. */
  readonly operatorSets: 3 | 9;
  /** How far the runner's clock is ahead of the host's. */
  readonly skewSeconds: number;
  /** Seeds the spread of the readings. */
  readonly jitter: number;
  /** The host is reached through PowerShell, and this goes wrong with its processes. */
  readonly shellFaults?: readonly Fault[];
  /** The host is reached over WS-Management, and this goes wrong in between. */
  readonly wsman?: Pick<WsmanWay, "authentication" | "batch"> & { readonly faults: readonly WireFault[] };
}

type Weighted<Value> = readonly (readonly [weight: number, value: Value])[];

/** One of these values, each as often as its weight says; shrinks towards the first. */
function oneOf<Value>(...choices: Weighted<Value>): fc.Arbitrary<Value> {
  return fc.oneof(
    { withCrossShrink: true },
    ...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })),
  );
}

const returnCodes = [0, 4096, ...Array.from({ length: 12 }, (_, nth) => 32768 + nth)];

const script = fc
  .record({
    seconds: oneOf([6, 20], [3, 0], [3, 3], [4, 90], [2, 600], [1, 4000]),
    startDelaySeconds: oneOf([6, 1], [2, 0], [2, 10], [1, 100]),
    mergeSeconds: oneOf([8, 0], [2, 5]),
    end: oneOf<"success" | "warning" | "exception" | "terminated" | "killed" | "stuck">(
      [8, "success"],
      [1, "warning"],
      [2, "exception"],
      [1, "terminated"],
      [1, "killed"],
      [1, "stuck"],
    ),
    stateAfterFailure: oneOf([6, 9], [1, 7], [1, 8], [1, 11], [1, 4]),
    returnCode: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 3, arbitrary: fc.constantFrom(...returnCodes) },
    ),
    startsAnyway: oneOf([2, false], [1, true]),
    percent: oneOf<number[] | undefined>([6, undefined], [1, [0, 60, 30, 80]], [1, [100]]),
  })
  .map(({ returnCode, percent, ...rest }) => ({
    ...rest,
    ...(returnCode !== undefined && { returnCode }),
    // Only after these two codes is it unknown whether something has begun.
    startsAnyway: rest.startsAnyway && (returnCode === 32771 || returnCode === 32772),
    ...(percent !== undefined && { percent }),
  }));

const linkStates: Weighted<number> = [
  [12, 9],
  [6, 3],
  [3, 7],
  [1, 8],
  [2, 10],
  [1, 11],
  [1, 4],
  [1, 2],
  [1, 0],
  [1, 99],
];

const machine = (nth: 0 | 1) =>
  fc
    .record({
      isExtended: oneOf([4, false], [1, true]),
      state: oneOf(...linkStates),
      autoResync: oneOf<{ windowStart: string; windowEnd: string } | undefined>(
        [6, undefined],
        [1, { windowStart: "00:00", windowEnd: "23:59" }],
        [1, { windowStart: "12:05", windowEnd: "12:30" }],
        [1, { windowStart: "22:00", windowEnd: "02:00" }],
      ),
      resync: fc.array(script, { minLength: 1, maxLength: 3 }),
    })
    .map(({ isExtended, autoResync, state, resync }) => ({
      name: machineNames[nth],
      mode: isExtended ? ("replica" as const) : ("primary" as const),
      ...(isExtended && { extended: true }),
      state,
      ...(autoResync !== undefined && { autoResync }),
      resync: [...resync],
    }));

/** Every switch at random, whichever there are; shrinks towards the defaults. */
const switches = fc
  .record(
    Object.fromEntries(
      Object.entries(switchesSchema.shape).map(([name, shape]) => [name, fc.constantFrom(...shape.unwrap().options)]),
    ),
  )
  .map((chosen) => switchesSchema.parse(chosen));

const scenario: fc.Arbitrary<ScenarioInput> = fc
  .record({
    machines: fc.oneof(
      { weight: 2, arbitrary: fc.tuple(machine(0)) },
      { weight: 1, arbitrary: fc.tuple(machine(0), machine(1)) },
    ),
    switches: fc.oneof(
      { weight: 1, arbitrary: fc.constant(switchesSchema.parse({})) },
      { weight: 3, arbitrary: switches },
    ),
    maximumActiveTransfers: oneOf([3, 3], [1, 1]),
    clock: oneOf([4, { utcOffsetMinutes: 0 }], [1, { utcOffsetMinutes: 120 }], [1, { utcOffsetMinutes: -300 }]),
    latencyMs: oneOf([8, 0], [1, 50], [1, 1500]),
  })
  .map((rest) => ({
    name: "HV01",
    accounts: [
      { user: resourceAccount, password, rights: "administrator" as const },
      { user: otherAccount, password: "", rights: "administrator" as const },
    ],
    ...rest,
  }));

const naming = oneOf<Declaration["naming"]>([6, "name"], [1, "otherCase"], [1, "guid"], [1, "braces"]);
const policy = oneOf<Declaration["policy"]>([3, "ifRequired"], [2, "always"]);
const wait = oneOf<Declaration["wait"]>([4, "completed"], [1, "started"]);
const timeoutSeconds = oneOf([4, 600], [3, 60], [2, 5], [1, 86_400]);

const declaration: fc.Arbitrary<Declaration> = fc
  .record({
    machine: fc.nat(1),
    naming,
    triggers: oneOf<number | null>([1, null], [2, 0]),
    policy,
    wait,
    timeoutSeconds,
    onTimeout: oneOf<Declaration["onTimeout"]>([3, "leave"], [1, "cancel"]),
    password: oneOf<Declaration["password"]>([2, "none"], [2, "right"]),
    maxConcurrentResyncs: oneOf<number | null>([5, null], [1, 1]),
    stalledAfterSeconds: oneOf([4, 3_600], [1, 30], [1, 0]),
  })
  .map((rest) => ({
    ...rest,
    isDeclared: true,
    startTime: null,
    operationTimeoutSeconds: null,
    name: 0,
    hasAlias: false,
  }));

const whichResource = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2) });
const whichMachine = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) });

function edit<Set extends string, To>(set: Set, to: fc.Arbitrary<To>) {
  return fc.record({ resource: whichResource, set: fc.constant(set), to });
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: edit("triggers", oneOf<number | null>([3, 1], [2, 0], [1, 2], [1, null])) },
    { weight: 3, arbitrary: edit("policy", policy) },
    { weight: 2, arbitrary: edit("wait", wait) },
    {
      weight: 4,
      arbitrary: edit(
        "startTime",
        oneOf<number | null>([4, 300], [2, 30], [1, 1200], [1, -100], [1, 691_200], [2, null]),
      ),
    },
    { weight: 1, arbitrary: edit("onTimeout", oneOf<Declaration["onTimeout"]>([1, "cancel"], [1, "leave"])) },
    { weight: 1, arbitrary: edit("timeoutSeconds", timeoutSeconds) },
    { weight: 1, arbitrary: edit("stalledAfterSeconds", oneOf([1, 30], [1, 3_600])) },
    { weight: 1, arbitrary: edit("maxConcurrentResyncs", oneOf<number | null>([1, 1], [1, null])) },
    { weight: 1, arbitrary: edit("operationTimeoutSeconds", oneOf<number | null>([1, 20], [1, null])) },
    { weight: 2, arbitrary: edit("password", oneOf<Declaration["password"]>([2, "right"], [1, "wrong"], [1, "none"])) },
    { weight: 1, arbitrary: edit("naming", naming) },
    { weight: 1, arbitrary: edit("machine", fc.nat(1)) },
    { weight: 2, arbitrary: edit("isDeclared", oneOf([1, true], [1, false])) },
    {
      weight: 2,
      arbitrary: fc.record({ resource: whichResource, set: fc.constant("name" as const), hasAlias: fc.boolean() }),
    },
  ),
  { maxLength: 2 },
);

const event: fc.Arbitrary<HostEvent> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("break" as const), machine: whichMachine }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("moveBack" as const, "moveAway" as const), machine: whichMachine }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("setState" as const),
      machine: whichMachine,
      state: oneOf([4, 9], [4, 3], [3, 7], [2, 11], [1, 8], [1, 4], [1, 10], [1, 99], [1, 15]),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "otherStarts" as const,
        "otherCancels" as const,
        "otherPauses" as const,
        "otherResumes" as const,
      ),
      machine: whichMachine,
    }),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom("startService" as const, "stopService" as const, "restoreNetwork" as const, "loseNetwork" as const)
      .map((kind) => ({ kind })),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("setRights" as const),
      rights: oneOf<"administrator" | "read" | "none">([2, "administrator"], [1, "read"], [1, "none"]),
    }),
  },
);

const beforeOrAfter = fc.constantFrom("before" as const, "after" as const);

const disturbance: fc.Arbitrary<Disturbance> = fc.record({
  moment: fc.oneof(
    { weight: 4, arbitrary: fc.record({ at: fc.constant("call" as const), nth: fc.integer({ min: 1, max: 60 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        at: oneOf<"Resynchronize" | "RequestReplicationStateChangeEx">(
          [2, "Resynchronize"],
          [1, "RequestReplicationStateChangeEx"],
        ),
        nth: oneOf([4, 1], [1, 2]),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        at: fc.constant("seconds" as const),
        seconds: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 900 })),
      }),
    },
  ),
  trouble: fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("lost" as const), when: beforeOrAfter }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("kill" as const), when: beforeOrAfter }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("interrupt" as const), when: beforeOrAfter }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("slow" as const), seconds: oneOf([1, 10], [1, 100]) }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("event" as const), event }) },
  ),
});

const disturbances = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(disturbance, { minLength: 1, maxLength: 3 }) },
);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("up" as const),
      edits,
      isRefreshing: oneOf([3, false], [1, true]),
      retries: oneOf([3, 0], [1, 1], [1, 3]),
      retryAfterSeconds: oneOf([3, 0], [1, 400]),
      parallel: oneOf([3, 8], [1, 1]),
      disturbances,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("refresh" as const), disturbances }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("preview" as const), edits }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("destroy" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("pass" as const),
      seconds: oneOf([2, 60], [2, 400], [2, 4_000], [1, 90_000]),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("happen" as const), event }) },
);

/** Cases of every kind. */
export const anyCase: fc.Arbitrary<Case> = fc.record({
  scenario,
  resources: fc.oneof(
    { weight: 5, arbitrary: fc.array(declaration, { minLength: 1, maxLength: 1 }) },
    { weight: 3, arbitrary: fc.array(declaration, { minLength: 2, maxLength: 3 }) },
  ),
  commands: fc.array(command, { minLength: 1, maxLength: 8 }),
  operatorSets: fc.constantFrom(3 as const, 9 as const),
  skewSeconds: oneOf([8, 0], [2, 3], [1, -3], [1, 90], [1, -90], [1, 7_200], [1, -7_200]),
  jitter: fc.nat(1_000_000),
});

/** What goes wrong with a process of PowerShell, by command; shrinks towards a reply with extra output. */
const shellFault: fc.Arbitrary<Fault> = fc
  .record({
    kind: oneOf<Fault["kind"]>(
      [1, "warnings"],
      [1, "escapes"],
      [2, "dieBefore"],
      [3, "dieAfter"],
      [2, "dieInReply"],
      [2, "cutReply"],
      [2, "lateReply"],
      [1, "slow"],
      [1, "stderr"],
      [1, "foreignId"],
      [1, "notBase64"],
      [1, "wrongShape"],
      [1, "exit"],
    ),
    command: oneOf([4, "Start-HvReplicaResync"], [2, "Request-HvReplicaState"], [1, "Connect-HvReplicaHost"], [3, "*"]),
    after: fc.oneof(fc.constant(0), fc.nat(30)),
    times: oneOf([5, 1], [1, 2]),
    delayMs: oneOf([2, 5_000], [2, 90_000]),
  })
  .map(({ kind, command, delayMs, ...rest }) => {
    // The scripts among all commands have no reply that could be cut.
    const isAltered = ["dieInReply", "cutReply", "foreignId", "notBase64", "wrongShape"].includes(kind);
    const named = isAltered && command === "*" ? "Get-HvReplicaRows" : command;
    const isLate = kind === "lateReply" || kind === "slow";
    return faultSchema.parse({ kind, command: named, ...(isLate && { delayMs }), ...rest });
  });

/** Cases through PowerShell, whose processes die, answer in pieces and stay silent. */
export const powerShellCase: fc.Arbitrary<Case> = fc
  .record({ one: anyCase, shellFaults: fc.array(shellFault, { minLength: 1, maxLength: 3 }) })
  .map(({ one, shellFaults }) => ({ ...one, shellFaults }));

/** What goes wrong between a client of WS-Management and its host; shrinks towards a reply that drips. */
const wireFault: fc.Arbitrary<WireFault> = fc
  .record({
    kind: oneOf<WireFault["kind"]>(
      [1, "drip"],
      [3, "resetBefore"],
      [4, "resetAfter"],
      [2, "stale"],
      [2, "refused"],
      [3, "late"],
      [3, "half"],
      [2, "notXml"],
      [1, "wrongEncoding"],
      [1, "tooLarge"],
      [2, "loginPage"],
      [2, "unavailable"],
      [3, "unauthorized"],
      [1, "notFound"],
      [1, "requestTooLarge"],
      [1, "redirect"],
    ),
    operation: oneOf(
      [4, "Resynchronize"],
      [2, "RequestReplicationStateChangeEx"],
      [1, "Enumerate Msvm_ReplicationRelationship"],
      [1, "Enumerate Msvm_ConcreteJob"],
      [1, "Enumerate Msvm_ReplicationService"],
      [1, "Pull"],
      [3, "*"],
    ),
    after: fc.oneof(fc.constant(0), fc.nat(30)),
    times: oneOf([5, 1], [1, 2], [1, 4]),
  })
  // There are few calls of methods, and many of all others.
  .map(({ after, ...fault }) => ({ ...fault, after: fault.operation.startsWith("Re") ? after % 3 : after }));

/** Cases over WS-Management, whose connections break, deliver in pieces and stay silent. */
export const wsmanCase: fc.Arbitrary<Case> = fc
  .record({
    one: anyCase,
    authentication: oneOf<WsmanWay["authentication"]>([2, "negotiate"], [1, "basic"]),
    batch: oneOf([4, 50], [1, 1]),
    faults: fc.array(wireFault, { minLength: 1, maxLength: 4 }),
  })
  .map(({ one, ...wsman }) => ({ ...one, wsman }));
