import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ReplicaResyncError } from "../../../provider/core/errors";
import { outcomes, type ResyncRecord } from "../../../provider/core/record/record";
import { warningCodes } from "../../../provider/core/record/warnings";
import type { Properties } from "../../../provider/lifecycle/context";
import { toOutputs } from "../../../provider/state/outputs";
import { record, vmId } from "../../support/builders";
import type { Call } from "../../support/callLog";
import { atSecond, FakeClock } from "../../support/fakeClock";
import { FakeHost, goodRun, type Scene } from "../../support/fakeHost";
import { FakeStack, inputs, plugin } from "../../support/fakeStack";
import * as verbs from "../../support/verbs";
import { recordIn } from "../state/stored";

/** One resource of a stack with what it is asked for. */
interface Stored {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What a host may show of a request that has begun before. */
const scenes: Readonly<Record<string, Scene>> = {
  replicating: { state: 3 },
  suspended: { state: 7 },
  critical: { state: 8 },
  required: { state: 9 },
  "required, its job has failed": { state: 9, jobs: [{ jobState: 10, errorCode: 32768 }] },
  resynchronizing: { state: 10, jobs: [{ percentComplete: 40 }] },
  paused: { state: 11 },
  "no relationship": { state: null, vm: { replicationMode: 0 } },
  "no answer": { error: new ReplicaResyncError("UNREACHABLE", "the host does not answer") },
};

const switches = [false, true];
const evidences: readonly ResyncRecord["evidence"][] = switches.flatMap((sawResync) =>
  switches.flatMap((sawJob) => switches.map((suspendedByUs) => ({ sawResync, sawJob, suspendedByUs }))),
);

/** A request with that outcome, with every text and every warning that is possible. */
function storedAs(outcome: ResyncRecord["outcome"], evidence: ResyncRecord["evidence"], policy: string): Stored {
  const asked = inputs({ policy, timeoutSeconds: 120 });
  const isBad = ["failed", "unknown", "cancelled"].includes(outcome);
  const kept = record({
    outcome,
    evidence,
    reason: "paused by an operator",
    warnings: warningCodes.map((code) => ({ code, text: `the text of ${code}` })),
    healthReasons: ["the disks are out of sync"],
    returnCode: 4096,
    ...((evidence.sawJob || evidence.sawResync) && {
      jobId: "job-1",
      jobState: 4,
      jobErrorDescription: "no space left",
    }),
    replicationState: evidence.sawResync ? 10 : 9,
    replicationStateBefore: evidence.suspendedByUs ? 3 : 9,
    ...(outcome === "scheduled" && { scheduledStartTime: atSecond(-60) }),
    ...(isBad && { failuresInRow: 1, failingSince: atSecond(-600), nextAttemptAt: atSecond(-300) }),
  });
  return { inputs: asked, outputs: toOutputs(asked, kept) };
}

/** The same with other words: every sentence, and every name that stands for a number. */
function inOtherWords({ inputs: asked, outputs }: Stored): Stored {
  const { reason, warnings, request, replication, job } = outputs as Record<string, unknown>;
  return {
    inputs: asked,
    outputs: {
      ...outputs,
      ...(reason !== undefined && { reason: "andere Worte" }),
      warnings: (warnings as readonly string[]).map((_, index) => `Warnung ${index}`),
      request: { ...(request as object), returnCodeName: "Failed" },
      replication: {
        ...(replication as object),
        mode: "testReplica",
        state: "critical",
        stateBefore: "disabled",
        health: "ok",
        healthReasons: ["andere Gründe"],
      },
      ...(job !== undefined && { job: { ...(job as object), state: "killed", errorDescription: "anderes" } }),
    },
  };
}

/** The result of a run, without its words. */
interface Came {
  readonly did: unknown;
  readonly code?: string | undefined;
  readonly calls: readonly Call[];
  readonly record: object;
}

function withoutWords(outputs: Properties): object {
  const {
    reason: _reason,
    warnings,
    healthReasons: _reasons,
    jobErrorDescription: _description,
    ...kept
  } = recordIn(outputs);
  return { ...kept, warnings: warnings.map(({ code }) => code) };
}

function stackOf({ outputs }: Stored, scene: Scene): FakeStack {
  const script = { timeline: [[0, scene]], starts: [{ then: goodRun }] } as const;
  const stack = new FakeStack(new FakeHost(new FakeClock()).add(String(outputs.vmId), script));
  stack.state = { id: vmId, outputs, hasInitErrors: false };
  return stack;
}

async function up(stored: Stored, scene: Scene): Promise<Came> {
  const stack = stackOf(stored, scene);
  const { did, error } = await stack.up(stored.inputs);
  const code = /\[([A-Z_]+)\]$/.exec(error?.message ?? "")?.[1];
  return { did, code, calls: stack.host.log.calls, record: withoutWords(stack.state?.outputs ?? {}) };
}

async function refresh(stored: Stored, scene: Scene): Promise<Came> {
  const stack = stackOf(stored, scene);
  await stack.refresh();
  return { did: "refresh", calls: stack.host.log.calls, record: withoutWords(stack.state?.outputs ?? {}) };
}

function diff(stored: Stored, more: Properties): unknown {
  const { context } = plugin(stackOf(stored, {}).host);
  const { changes, replaces } = verbs.diff(vmId, stored.outputs, { ...stored.inputs, ...more }, context);
  return { changes, replaces };
}

async function expectSameDecisions(stored: Stored): Promise<void> {
  const other = inOtherWords(stored);
  expect(other.outputs).not.toEqual(stored.outputs);
  for (const more of [{}, { triggers: ["new"] }, { vm: "web02" }, { wait: "started" }, { policy: "always" }]) {
    expect({ more, ...(diff(other, more) as object) }).toEqual({ more, ...(diff(stored, more) as object) });
  }
  const cameOf = async (one: Stored): Promise<readonly object[]> =>
    Promise.all(
      Object.entries(scenes).map(async ([title, scene]) => ({
        title,
        up: await up(one, scene),
        refresh: await refresh(one, scene),
      })),
    );
  expect(await cameOf(other)).toEqual(await cameOf(stored));
}

test.each(outcomes)(
  "a state that says %s leads to the same decisions in other words, whatever was seen",
  async (outcome) => {
    // What this request has suspended matters only where it is forced.
    const stored = evidences.map((one) => storedAs(outcome, one, one.suspendedByUs ? "always" : "ifRequired"));
    await Promise.all(stored.map(expectSameDecisions));
  },
);

const folder = path.join(__dirname, "..", "..", "fixtures", "state", "v1");

test.each(readdirSync(folder))("the recorded state %s leads to the same decisions in other words", async (file) => {
  await expectSameDecisions(JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Stored);
});

test("the comparison sees a decision that is another one: a warning whose code is gone, a number that differs", async () => {
  const stored = storedAs("failed", { sawResync: false, sawJob: false, suspendedByUs: false }, "ifRequired");
  const { internal } = stored.outputs as { internal: object };
  const other = (more: object): Stored => ({
    ...stored,
    outputs: { ...stored.outputs, internal: { ...internal, ...more } },
  });
  const away = { error: new ReplicaResyncError("UNREACHABLE", "the host does not answer") };
  expect(await refresh(other({ warningCodes: [] }), away)).not.toEqual(await refresh(stored, away));
  const suspended = { state: 7 };
  const forced = { ...stored, inputs: { ...stored.inputs, policy: "always" } };
  const byUs = other({ suspendedByUs: true });
  expect(await up({ ...byUs, inputs: forced.inputs }, suspended)).not.toEqual(await up(forced, suspended));
});
