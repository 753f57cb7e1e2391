import * as fc from "fast-check";
import { isReplicaResyncError } from "../../provider/core/errors";
import type { HostSession } from "../../provider/core/host/hostSession";
import { StartQueue } from "../../provider/core/host/locks";
import { StartGuard } from "../../provider/core/host/startGuard";
import type { ReplicationHost, VmReplicationReading } from "../../provider/core/host/ports";
import { CheckpointError } from "../../provider/lifecycle/border";
import { Ledger } from "../../provider/lifecycle/ledger";
import * as realVerbs from "../support/verbs";
import { anyCase, type Case } from "./cases";
import type { Properties } from "./chronicle";
import { withGroup } from "./outputsRead";
import type { Replacements } from "./pluginProcess";
import { runCase } from "./runCase";
import { writtenCases } from "./writtenCases";

/** Cases in which every broken product is caught; the same for all, and the same every time. */
const cases = [...writtenCases, ...fc.sample(anyCase, { numRuns: 400, seed: 1 })];

/** The host with some of its operations replaced: the others stay as they are. */
function withOperations(change: (host: ReplicationHost) => Partial<ReplicationHost>): Replacements {
  return {
    host: (host) =>
      ({
        address: host.address,
        readService: async (options) => host.readService(options),
        readVms: async (options) => host.readVms(options),
        readVm: async (vmId, options) => host.readVm(vmId, options),
        readHealthReasons: async (link, options) => host.readHealthReasons(link, options),
        readResyncJobs: async (options) => host.readResyncJobs(options),
        startResync: async (request, options) => host.startResync(request, options),
        requestReplicationState: async (request, options) => host.requestReplicationState(request, options),
        close: async () => host.close(),
        ...change(host),
      }) satisfies ReplicationHost,
  };
}

const forAll = { signal: new AbortController().signal };

/** A session whose locks admit all callers at once. */
function unlocked(session: HostSession): HostSession {
  return { ...session, guard: new StartGuard(), starts: new StartQueue() };
}

/** A session that forgets what other resources of the run have started, though never two of them at a time. */
function forgetful(session: HostSession): HostSession {
  return { ...session, guard: Object.assign(new StartGuard(), { locks: session.guard.locks }) };
}

/** A VM whose relationships are all in state 9. */
function inNeed(vm: VmReplicationReading): VmReplicationReading {
  return { ...vm, relationships: vm.relationships.map((link) => ({ ...link, replicationState: 9 })) };
}

class LenientLedger extends Ledger {
  override keepRejection(): void {
    // What the host has refused is asked for again.
  }
}

class ForgetfulLedger extends Ledger {
  override keep(): void {
    // Nothing is kept.
  }
}

const real = realVerbs;

/** Outputs without some of what an earlier run has kept. */
function without(olds: Properties, ...names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(olds).filter(([name]) => !names.includes(name)));
}

/** A broken product, and the invariant that must notice. */
const broken: Readonly<Record<string, readonly [rule: RegExp, replacements: Replacements]>> = {
  "resynchronizes while it refreshes": [
    /^1 /,
    {
      verbs: {
        read: async (id, props, context) => {
          await context.openSession({ transport: "simulator" }).host.startResync({ vmId: String(props.vmId) }, forAll);
          return real.read(id, props, context);
        },
      },
    },
  ],
  "asks the host in a diff": [
    /^1 /,
    {
      verbs: {
        diff: (id, olds, news, context) => {
          void context.openSession({ transport: "simulator" }).host.readService(forAll);
          return real.diff(id, olds, news, context);
        },
      },
    },
  ],
  "repeats a call whose reply was lost": [
    /^2 /,
    withOperations((host) => ({
      startResync: async (request, options) => {
        try {
          return await host.startResync(request, options);
        } catch (error) {
          if (!(isReplicaResyncError(error) && error.code === "SESSION_LOST")) throw error;
          return host.startResync(request, options);
        }
      },
    })),
  ],
  "forgets what an attempt of the same run has begun": [
    /^(2|8 kept)/,
    { context: (context) => ({ ...context, ledger: new ForgetfulLedger() }) },
  ],
  "locks nothing between two resources of one VM": [
    /^[23] /,
    { context: (context) => ({ ...context, openSession: (connection) => unlocked(context.openSession(connection)) }) },
  ],
  "starts for every resource of one VM": [
    /^2 one start/,
    { context: (context) => ({ ...context, openSession: (connection) => forgetful(context.openSession(connection)) }) },
  ],
  "repeats a call that the host has refused": [
    /^2 one call/,
    { context: (context) => ({ ...context, ledger: new LenientLedger() }) },
  ],
  "does not look for jobs": [/^3 /, withOperations(() => ({ readResyncJobs: async () => [] }))],
  "treats every VM as one that requires a resync": [
    /^4 required/,
    withOperations((host) => ({
      readVms: async (options) =>
        new Map([...(await host.readVms(options))].map(([vmId, vm]) => [vmId, inNeed(vm)] as const)),
      readVm: async (vmId, options) => {
        const vm = await host.readVm(vmId, options);
        return vm && inNeed(vm);
      },
    })),
  ],
  "treats the same triggers as new ones": [
    /^4 asked/,
    {
      verbs: {
        diff: (id, olds, news, context) => real.diff(id, without(olds, "triggers"), news, context),
        update: async (id, olds, news, context) => real.update(id, without(olds, "triggers"), news, context),
      },
    },
  ],
  "does not wait after failures": [
    /^4 not before/,
    {
      verbs: {
        update: async (id, olds, news, context) =>
          real.update(id, withGroup(olds, "failures", { nextAttemptAt: undefined }), news, context),
      },
    },
  ],
  "begins again whenever an earlier run has failed": [
    /^5 /,
    {
      verbs: {
        update: async (id, olds, news, context) =>
          olds.outcome === "failed" || olds.outcome === "unknown"
            ? { outs: (await real.create(news, context)).outs }
            : real.update(id, olds, news, context),
      },
    },
  ],
  "forces every VM again that is suspended": [
    /^5 /,
    {
      verbs: {
        update: async (id, olds, news, context) =>
          real.update(id, withGroup(olds, "internal", { replicationStateBefore: 7 }), news, context),
      },
    },
  ],
  "waits for an answer that never comes": [
    /^6 ends/,
    withOperations(() => ({ readVms: async () => new Promise<never>(() => undefined) })),
  ],
  "does not notice a stop": [
    /^6 stops/,
    { context: (context) => ({ ...context, stopSignal: new AbortController().signal }) },
  ],
  "waits ten times as long as it was told": [
    /^6 in time/,
    {
      verbs: {
        create: async (news, context) => real.create({ ...news, timeoutSeconds: 100_000 }, context),
        update: async (id, olds, news, context) => real.update(id, olds, { ...news, timeoutSeconds: 100_000 }, context),
      },
    },
  ],
  "never ends a request": [
    /^6 ends/,
    {
      verbs: {
        create: async () => {
          throw new Error("not yet");
        },
      },
    },
  ],
  "does everything again": [
    /^6 settles/,
    { verbs: { diff: (id, olds, news, context) => ({ ...real.diff(id, olds, news, context), changes: true }) } },
  ],
  "reports a failure as success": [
    /^7 never green/,
    {
      verbs: {
        create: async (news, context) => {
          try {
            return await real.create(news, context);
          } catch (error) {
            if (!(error instanceof CheckpointError)) throw error;
            const { id, properties } = error.checkpoint;
            return { id, outs: { ...properties } };
          }
        },
      },
    },
  ],
  "gives up what still runs": [
    /^7 failed/,
    {
      verbs: {
        create: async (news, context) => {
          try {
            return await real.create(news, context);
          } catch (error) {
            if (!(error instanceof CheckpointError)) throw error;
            const { id, properties } = error.checkpoint;
            throw new CheckpointError(error, { id, properties: { ...properties, outcome: "failed" } });
          }
        },
      },
    },
  ],
  "says that it is completed without having looked": [
    /^7 done/,
    {
      verbs: {
        read: async (id, props, context) => {
          const after = await real.read(id, props, context);
          return { id, props: { ...after.props, outcome: "completed" } };
        },
      },
    },
  ],
  "loses the provider's text": [
    /^8 /,
    {
      verbs: {
        update: async (id, olds, news, context) => real.update(id, olds, without(news, "__provider"), context),
      },
    },
  ],
  "prints its connection": [
    /^9 /,
    {
      context: (context) => ({
        ...context,
        openSession: (connection) => {
          context.progressFor("").info(`connecting with ${JSON.stringify(connection)}`);
          return context.openSession(connection);
        },
      }),
    },
  ],
  "never resumes what it has suspended": [
    /^10 /,
    withOperations((host) => ({
      requestReplicationState: async (request, options) =>
        request.requestedState === 3 ? { returnCode: 0 } : host.requestReplicationState(request, options),
    })),
  ],
  "treats a VM that is away as one without replication": [
    /^11 /,
    {
      verbs: {
        read: async (id, props, context) => {
          const after = await real.read(id, props, context);
          const isAway = JSON.stringify(after.props.warnings).includes("no such VM");
          return isAway ? { id, props: withGroup(after.props, "internal", { replicationState: undefined }) } : after;
        },
      },
    },
  ],
  "lets a refresh fail with its host": [
    /^11 /,
    {
      verbs: {
        read: async (id, props, context) => {
          await context.openSession({ transport: "simulator" }).host.readService(forAll);
          return real.read(id, props, context);
        },
      },
    },
  ],
};

test.each(Object.entries(broken))(
  "catches a product that %s",
  async (_what, [rule, replacements]) => {
    const caught = await firstCaught(cases, replacements, rule);
    expect(caught).toBeDefined();
  },
  600_000,
);

async function firstCaught(
  all: readonly Case[],
  replacements: Replacements,
  rule: RegExp,
): Promise<number | undefined> {
  for (const [nth, one] of all.entries()) {
    const { violations } = await runCase(one, replacements);
    if (violations.some((violation) => rule.test(violation.rule))) return nth;
  }
  return undefined;
}
