import type { ScenarioInput } from "../../provider/simulator/scenario/scenarioInput";
import type { Case, Command } from "./cases";
import type { Disturbance } from "./disturbance";
import { machineNames, otherAccount, resourceAccount } from "./hostEvents";
import type { Declaration } from "./program";
import { password } from "./secrets";

type Up = Extract<Command, { do: "up" }>;
type Machine = NonNullable<ScenarioInput["machines"]>[number];

const plainUp: Up = {
  do: "up",
  edits: [],
  disturbances: [],
  isRefreshing: false,
  retries: 0,
  retryAfterSeconds: 0,
  parallel: 8,
};

const plainResource: Declaration = {
  machine: 0,
  naming: "name",
  isDeclared: true,
  triggers: null,
  policy: "ifRequired",
  wait: "completed",
  startTime: null,
  onTimeout: "leave",
  timeoutSeconds: 60,
  stalledAfterSeconds: 3_600,
  maxConcurrentResyncs: null,
  operationTimeoutSeconds: null,
  password: "right",
  name: 0,
  hasAlias: false,
};

const lostReply: Disturbance = {
  moment: { at: "Resynchronize", nth: 1 },
  trouble: { kind: "lost", when: "after" },
};

function caseOf(
  machine: Partial<Machine>,
  commands: readonly Command[],
  resources: readonly Partial<Declaration>[] = [{}],
): Case {
  const scenario = {
    name: "HV01",
    accounts: [
      { user: resourceAccount, password, rights: "administrator" as const },
      { user: otherAccount, password: "", rights: "administrator" as const },
    ],
    machines: [{ name: machineNames[0], mode: "primary" as const, state: 9, ...machine }],
  };
  return {
    scenario,
    resources: resources.map((one) => ({ ...plainResource, ...one })),
    commands,
    operatorSets: 9,
    skewSeconds: 0,
    jitter: 1,
  };
}

/** Cases that are rare at random, written out so that they always run. */
export const writtenCases: readonly Case[] = [
  // A resync that fails and leaves the VM suspended, under `always`.
  caseOf(
    { resync: [{ seconds: 3, end: "exception", stateAfterFailure: 7 }] },
    [plainUp, { do: "pass", seconds: 90_000 }, plainUp],
    [{ policy: "always" }],
  ),
  // One that fails and is tried again too early.
  caseOf({ resync: [{ seconds: 3, end: "exception" }] }, [plainUp, { do: "pass", seconds: 60 }, plainUp, plainUp]),
  // One that never ends.
  caseOf({ resync: [{ seconds: 60, end: "stuck" }] }, [plainUp]),
  // Two resources of one VM, whose resync fails at once.
  caseOf({ resync: [{ seconds: 0, end: "exception" }] }, [plainUp], [{}, {}]),
  // A lost reply, with an error hook that tries again.
  caseOf({ resync: [{ seconds: 20 }] }, [{ ...plainUp, retries: 1, disturbances: [lostReply] }]),
  // A refusal, with an error hook that tries again.
  caseOf({ resync: [{ returnCode: 32_775 }] }, [{ ...plainUp, retries: 1 }]),
  // A healthy VM that is suspended for a call that is then refused.
  caseOf({ state: 3, resync: [{ returnCode: 32_775 }] }, [plainUp], [{ policy: "always" }]),
  // One that was paused, then cancelled, then started by another account, and adopted by a run that was stopped at once.
  caseOf(
    { resync: [{ seconds: 600 }, { seconds: 600, startDelaySeconds: 100 }] },
    [
      {
        ...plainUp,
        disturbances: [
          {
            moment: { at: "seconds", seconds: 10 },
            trouble: { kind: "event", event: { kind: "otherPauses", machine: 0 } },
          },
          {
            moment: { at: "seconds", seconds: 40 },
            trouble: { kind: "event", event: { kind: "otherCancels", machine: 0 } },
          },
        ],
      },
      { do: "pass", seconds: 90_000 },
      { do: "happen", event: { kind: "otherStarts", machine: 0 } },
      {
        ...plainUp,
        disturbances: [{ moment: { at: "seconds", seconds: 5 }, trouble: { kind: "interrupt", when: "before" } }],
      },
      plainUp,
    ],
    [{ timeoutSeconds: 3_600 }],
  ),
  // Refreshes while the VM is away, and while the host does not answer.
  caseOf({ state: 3 }, [
    plainUp,
    { do: "happen", event: { kind: "moveAway", machine: 0 } },
    { do: "refresh", disturbances: [] },
    { do: "happen", event: { kind: "moveBack", machine: 0 } },
    { do: "happen", event: { kind: "loseNetwork" } },
    { do: "refresh", disturbances: [] },
  ]),
];
