import * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs, ReplicaResyncArgs } from "./args";
import type { Outcome } from "./core/record/record";
import { findUnknownConfigKey } from "./connection/configKeys";
import { timeoutSecondsOf } from "./customTimeouts";
import { thinProvider } from "./thinProvider";

/** Module and type name: the resource's type is `pulumi-nodejs:dynamic/hyperv:ReplicaResync`. */
const moduleName = "hyperv";
const typeName = "ReplicaResync";

/**
 * Declares "this virtual machine's replica has been resynchronized for this request". `create`, and an `update` that
 * carries a new request, call `Msvm_ReplicationService.Resynchronize` on the machine's host once and wait until the
 * relationship replicates normally again. Nothing else calls it: no refresh, no preview, no new version of the package.
 *
 * A resynchronization takes hours and deletes the replica's recovery points.
 *
 * @throws `pulumi.RunError` for an unknown `hyperv-replica:` key in the stack's configuration, and for resource options
 * that would not do what they say: `import`, `replaceOnChanges`, and `customTimeouts` whose `create` and `update` differ.
 */
export class ReplicaResync extends pulumi.dynamic.Resource {
  /** The machine as the program named it. */
  declare readonly vm: pulumi.Output<string>;
  /** How the request stands. `unknown`: a start may have reached the host. */
  declare readonly outcome: pulumi.Output<Outcome>;
  /** When the resynchronization ended, ISO 8601 UTC; absent when there was none. */
  declare readonly completionTime: pulumi.Output<string | undefined>;
  /** `job`: by the job's own clock; `observed`: when the end was seen. */
  declare readonly completionTimeSource: pulumi.Output<"job" | "observed" | undefined>;
  /** What `Resynchronize` returned, 0 or 4096 when it was accepted; absent when no call was made. */
  declare readonly returnCode: pulumi.Output<number | undefined>;
  /** Name of {@link returnCode}. */
  declare readonly returnCodeName: pulumi.Output<string | undefined>;
  /** Whether a resynchronization that ran already was waited for, instead of starting a second. */
  declare readonly adopted: pulumi.Output<boolean>;
  /** One sentence, for every outcome but a plain `completed`. */
  declare readonly reason: pulumi.Output<string | undefined>;
  /** GUID of the machine in lower case, and its display name. */
  declare readonly vmId: pulumi.Output<string>;
  declare readonly vmName: pulumi.Output<string>;
  /** The host that has the machine; it may change, and is not part of the identity. */
  declare readonly hostName: pulumi.Output<string>;
  /** `none`, `primary`, `replica`, `testReplica` or `extendedReplica`. */
  declare readonly replicationMode: pulumi.Output<string>;
  /** The two ends of the link. */
  declare readonly primaryHost: pulumi.Output<string | undefined>;
  declare readonly recoveryHost: pulumi.Output<string | undefined>;
  /** The job as it was last seen. */
  declare readonly jobId: pulumi.Output<string | undefined>;
  declare readonly jobState: pulumi.Output<string | undefined>;
  declare readonly jobErrorCode: pulumi.Output<number | undefined>;
  /** 0 to 100. */
  declare readonly percentComplete: pulumi.Output<number | undefined>;
  /** The time line, ISO 8601 UTC; `observedAt` is when the host was last read. */
  declare readonly requestedAt: pulumi.Output<string | undefined>;
  declare readonly scheduledStartTime: pulumi.Output<string | undefined>;
  declare readonly startedAt: pulumi.Output<string | undefined>;
  declare readonly observedAt: pulumi.Output<string>;
  /** From the start to the end of the resynchronization. */
  declare readonly durationSeconds: pulumi.Output<number | undefined>;
  /** State of the link before the request and now: `replicating`, `resynchronizationRequired`, … */
  declare readonly replicationStateBefore: pulumi.Output<string | undefined>;
  declare readonly replicationState: pulumi.Output<string>;
  /** `notApplicable`, `ok`, `warning` or `critical`, with what the host says of it. */
  declare readonly replicationHealth: pulumi.Output<string>;
  declare readonly healthReasons: pulumi.Output<string[]>;
  /** When the recovery side last received changes; stands still during a resynchronization. */
  declare readonly lastReplicationTime: pulumi.Output<string | undefined>;
  /** Calls made for this request: 0 when skipped or adopted. */
  declare readonly attempts: pulumi.Output<number>;
  /** Requests that failed in a row, since when, and before which time no new call is made. */
  declare readonly failuresInRow: pulumi.Output<number>;
  declare readonly failingSince: pulumi.Output<string | undefined>;
  declare readonly nextAttemptAt: pulumi.Output<string | undefined>;
  /** What an operator should know: completed with warnings, stalled, paused, host not found at the last refresh. */
  declare readonly warnings: pulumi.Output<string[]>;
  /** Opaque, new with every request. */
  declare readonly requestId: pulumi.Output<string>;
  /** Version of this state. */
  declare readonly schemaVersion: pulumi.Output<number>;

  constructor(name: string, args: ReplicaResyncArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseOptions(name, opts);
    refuseConfigKeys(name);
    const timeoutSeconds = timeoutSecondsOf(name, args.timeoutSeconds, opts.customTimeouts);
    const inputs = {
      ...args,
      ...(args.connection !== undefined && { connection: withSecrets(args.connection) }),
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
      __urn: pulumi.createUrn(name, `pulumi-nodejs:dynamic/${moduleName}:${typeName}`, opts.parent),
    };
    super(thinProvider, name, { ...undefinedOutputs(), ...inputs }, opts, moduleName, typeName);
  }
}

/** Options that the engine or the shim would ignore, or fail on deep inside. */
function refuseOptions(name: string, opts: pulumi.CustomResourceOptions): void {
  if (opts.import !== undefined) {
    throw new pulumi.RunError(
      `ReplicaResync "${name}": the option "import" is not accepted: a request cannot be imported. Leave it out; a machine that replicates normally is skipped, not resynchronized`,
    );
  }
  if (opts.replaceOnChanges !== undefined && opts.replaceOnChanges.length > 0) {
    throw new pulumi.RunError(
      `ReplicaResync "${name}": the option "replaceOnChanges" is not accepted: the engine ignores it for dynamic resources. Put the values into "triggers" to ask for a new resynchronization`,
    );
  }
}

/** Reading the configuration costs a fifth of a millisecond: one resource of a program does it for all. */
let areConfigKeysKnown = false;

/** Keys of the stack's configuration that would be ignored: the plugin can ask for keys, and cannot list them. */
function refuseConfigKeys(name: string): void {
  if (areConfigKeysKnown) return;
  const problem = findUnknownConfigKey(Object.keys(pulumi.runtime.allConfig()), pulumi.getProject());
  if (problem !== undefined) throw new pulumi.RunError(`ReplicaResync "${name}": ${problem}`);
  areConfigKeysKnown = true;
}

/** The connection with its password as a secret, whatever the program did. */
function withSecrets(connection: pulumi.Input<ConnectionArgs>): pulumi.Input<ConnectionArgs> {
  if (pulumi.Output.isInstance(connection) || connection instanceof Promise) {
    return pulumi.output(connection).apply((known) => markPassword(known as ConnectionArgs));
  }
  return markPassword(connection);
}

function markPassword(connection: ConnectionArgs): ConnectionArgs {
  const { password } = connection;
  return password === undefined ? connection : { ...connection, password: pulumi.secret(password) };
}

/** The SDK makes an output property of every key it is given, also of those whose value is not known yet. */
function undefinedOutputs(): Record<OutputName, undefined> {
  return {
    outcome: undefined,
    completionTime: undefined,
    completionTimeSource: undefined,
    returnCode: undefined,
    returnCodeName: undefined,
    adopted: undefined,
    reason: undefined,
    vmId: undefined,
    vmName: undefined,
    hostName: undefined,
    replicationMode: undefined,
    primaryHost: undefined,
    recoveryHost: undefined,
    jobId: undefined,
    jobState: undefined,
    jobErrorCode: undefined,
    percentComplete: undefined,
    requestedAt: undefined,
    scheduledStartTime: undefined,
    startedAt: undefined,
    observedAt: undefined,
    durationSeconds: undefined,
    replicationStateBefore: undefined,
    replicationState: undefined,
    replicationHealth: undefined,
    healthReasons: undefined,
    lastReplicationTime: undefined,
    attempts: undefined,
    failuresInRow: undefined,
    failingSince: undefined,
    nextAttemptAt: undefined,
    warnings: undefined,
    requestId: undefined,
    schemaVersion: undefined,
  };
}

type OutputName = Exclude<keyof ReplicaResync, keyof pulumi.CustomResource | keyof ReplicaResyncArgs>;
