import { ReplicaResyncError } from "../../../provider/core/errors";
import type { Properties } from "../../../provider/lifecycle/context";
import { vmId } from "../../support/builders";
import { FakeClock } from "../../support/fakeClock";
import { badRun, FakeHost, type Script, type Timeline } from "../../support/fakeHost";
import { FakeStack, inputs, type Plugin, plugin, type RunEnd } from "../../support/fakeStack";

interface Situation {
  readonly script: Script;
  /** The inputs whose `up` carries the request. */
  readonly news: Properties;
  /** What has happened before. */
  readonly prepare?: (stack: FakeStack) => Promise<void>;
}

const needAfter200Seconds: Timeline = [
  [0, { state: 3 }],
  [200, { state: 9 }],
];

/** Short, so that there are few calls to disturb. */
const quickRun: Timeline = [
  [0, { jobs: [{ percentComplete: 0 }] }],
  [2, { state: 10, jobs: [{ percentComplete: 10 }] }],
  [5, { state: 3, jobs: [{ jobState: 7, percentComplete: 100 }] }],
  [305, { jobs: [] }],
];

const situations: Readonly<Record<string, Situation>> = {
  "a create": { script: { starts: [{ then: quickRun }] }, news: inputs() },
  "a create under policy always": {
    script: { timeline: [[0, { state: 3 }]], starts: [{ then: quickRun }] },
    news: inputs({ policy: "always" }),
  },
  "a create that waits for the start only": {
    script: { starts: [{ then: quickRun }] },
    news: inputs({ wait: "started" }),
  },
  "new triggers": {
    script: { timeline: needAfter200Seconds, starts: [{ then: quickRun }] },
    news: inputs({ triggers: ["new"] }),
    prepare: async (stack) => {
      await stack.up(inputs({ triggers: ["old"] }));
      stack.host.clock.pass(300);
    },
  },
  "an update in state 9 again": {
    script: { timeline: needAfter200Seconds, starts: [{ then: quickRun }] },
    news: inputs(),
    prepare: async (stack) => {
      await stack.up(inputs());
      stack.host.clock.pass(300);
      await stack.refresh();
    },
  },
  "a retry after a failure": {
    script: { starts: [{ then: badRun }, { then: quickRun }] },
    news: inputs(),
    prepare: async (stack) => {
      await stack.up(inputs());
      stack.host.machine(vmId).started = 1;
      stack.host.clock.pass(86_400);
    },
  },
};

interface Given {
  readonly stack: FakeStack;
  readonly one: Plugin;
  readonly news: Properties;
  /** Calls of `Resynchronize` that have reached the VM since the situation began. */
  readonly started: () => number;
}

async function begin(name: string): Promise<Given> {
  const { script, news, prepare } = situations[name] ?? { script: { starts: [{ then: quickRun }] }, news: {} };
  const stack = new FakeStack(new FakeHost(new FakeClock()).add(vmId, script));
  await prepare?.(stack);
  const machine = stack.host.machine(vmId);
  const before = machine.started;
  stack.host.log.calls.length = 0;
  return { stack, one: plugin(stack.host), news, started: () => machine.started - before };
}

/** How many calls of the host a run makes that nothing disturbs. */
async function callsOf(name: string): Promise<number> {
  const { stack, one, news, started } = await begin(name);
  await stack.up(news, { plugin: one });
  expect(started()).toBe(1);
  return stack.host.log.calls.length;
}

/**
 * Runs `up` again and again until the request has ended as far as it is waited for. An operator resumes what stays
 * suspended.
 */
async function goOn({ stack, news }: Given, pauseSeconds: number, isRefreshed: boolean): Promise<void> {
  stack.host.onCall = () => undefined;
  stack.host.onReply = () => undefined;
  const machine = stack.host.machine(vmId);
  for (let runs = 0; runs < 8; runs++) {
    stack.host.clock.pass(pauseSeconds);
    if (isRefreshed) await stack.refresh();
    const { error } = await stack.up(news);
    if (error === undefined) return;
    if (machine.scene.state === 7 && error.message.includes("suspended")) machine.play([[0, { state: 3 }]]);
  }
  throw new Error("the request does not end");
}

/** Disturbs a run at each of its calls of the host, continues, and returns at which calls it did not make one start. */
async function disturb(
  name: string,
  how: (given: Given, atCall: () => boolean) => Promise<RunEnd>,
  pauseSeconds: number,
  isRefreshed: boolean,
): Promise<string[]> {
  const calls = await callsOf(name);
  const wrong: string[] = [];
  for (let nth = 1; nth <= calls; nth++) {
    const given = await begin(name);
    const end = await how(given, () => given.stack.host.log.calls.length === nth);
    if (end.did === "killed" && hasLeftNoTrace(given)) continue;
    await goOn(given, pauseSeconds, isRefreshed);
    const outputs: Properties = given.stack.state?.outputs ?? {};
    const ended = ["completed", "skipped", "started"].includes(String(outputs.outcome));
    // A start that may have been made under policy always is not repeated: the VM may be healthy by then.
    const least = given.news.policy === "always" && given.stack.host.log.starts > 0 ? 0 : 1;
    if (given.started() > 1 || given.started() < least || !ended)
      wrong.push(`call ${nth}: ${given.started()} starts, ${String(outputs.outcome)}`);
  }
  return wrong;
}

/** A forced resync whose record was killed with the plugin, and that has ended since, cannot be distinguished from none. */
function hasLeftNoTrace({ stack, news }: Given): boolean {
  const isHealthy = stack.host.machine(vmId).scene.state === 3;
  return news.policy === "always" && stack.state === undefined && isHealthy && stack.host.log.starts > 0;
}

async function stopped({ stack, one, news }: Given, atCall: () => boolean): Promise<RunEnd> {
  stack.host.onCall = () => {
    if (atCall()) one.stop();
  };
  return stack.up(news, { plugin: one });
}

async function stoppedAfterEffect({ stack, one, news }: Given, atCall: () => boolean): Promise<RunEnd> {
  stack.host.onReply = () => {
    if (!atCall()) return;
    one.stop();
    throw new ReplicaResyncError("SESSION_LOST", "the connection was closed");
  };
  return stack.up(news, { plugin: one });
}

async function killed({ stack, one, news }: Given, atCall: () => boolean): Promise<RunEnd> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const hang = async (): Promise<void> => {
    if (!atCall()) return;
    resolve(undefined);
    await new Promise(() => undefined);
  };
  stack.host.onCall = hang;
  stack.host.onReply = hang;
  return stack.up(news, { plugin: one, killed: promise });
}

async function killedAfterEffect({ stack, one, news }: Given, atCall: () => boolean): Promise<RunEnd> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  stack.host.onReply = async () => {
    if (!atCall()) return;
    resolve(undefined);
    await new Promise(() => undefined);
  };
  return stack.up(news, { plugin: one, killed: promise });
}

function broken(error: Error, retries: number) {
  return async ({ stack, one, news }: Given, atCall: () => boolean): Promise<RunEnd> => {
    let isBroken = false;
    stack.host.onCall = () => {
      if (isBroken || !atCall()) return;
      isBroken = true;
      throw error;
    };
    return stack.up(news, { plugin: one, retries });
  };
}

function lost(retries: number) {
  return async ({ stack, one, news }: Given, atCall: () => boolean): Promise<RunEnd> => {
    let isLost = false;
    stack.host.onReply = () => {
      if (isLost || !atCall()) return;
      isLost = true;
      throw new ReplicaResyncError("SESSION_LOST", "the connection was lost");
    };
    return stack.up(news, { plugin: one, retries });
  };
}

const hour = 3_600;
const disturbances: readonly (readonly [string, Parameters<typeof disturb>[1], number])[] = [
  ["stopped before it reaches the host", stopped, hour],
  ["stopped after it had its effect", stoppedAfterEffect, hour],
  ["killed before it reaches the host", killed, 0],
  ["killed after it had its effect", killedAfterEffect, 0],
  ["refused by the network", broken(new ReplicaResyncError("UNREACHABLE", "the host does not answer"), 0), hour],
  [
    "lost before it reaches the host",
    broken(new ReplicaResyncError("SESSION_LOST", "the connection was lost"), 0),
    hour,
  ],
  ["lost after it had its effect", lost(0), hour],
  [
    "refused by the network, and tried again by an error hook",
    broken(new ReplicaResyncError("UNREACHABLE", "away"), 3),
    hour,
  ],
  [
    "lost before it reaches the host, and tried again by an error hook",
    broken(new ReplicaResyncError("SESSION_LOST", "lost"), 3),
    hour,
  ],
  ["lost after it had its effect, and tried again by an error hook", lost(3), hour],
  ["broken by a bug, and tried again by an error hook", broken(new TypeError("a bug"), 3), hour],
];

describe.each(Object.keys(situations))("%s starts one resync", (name) => {
  test.each(disturbances)("when any call of the host is %s", async (_what, how, pauseSeconds) => {
    await expect(disturb(name, how, pauseSeconds, false)).resolves.toEqual([]);
  });

  test.each(disturbances)(
    "with a refresh in between, when any call of the host is %s",
    async (_what, how, pauseSeconds) => {
      await expect(disturb(name, how, pauseSeconds, true)).resolves.toEqual([]);
    },
  );
});
