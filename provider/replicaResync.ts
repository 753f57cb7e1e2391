import * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs, ReplicaResyncArgs } from "./args";
import type { Outcome } from "./core/record/record";
import { findUnknownConfigKey } from "./connection/configKeys";
import { timeoutSecondsOf } from "./customTimeouts";
import { type OutputName, outputNames } from "./state/outputNames";
import type { FailuresOutput, InternalOutput, JobOutput, ReplicationOutput, RequestOutput } from "./state/outputTypes";
import { thinProvider } from "./thinProvider";

/** Module and type name: the resource's type is `pulumi-nodejs:dynamic/hyperv:ReplicaResync`. */
const moduleName = "hyperv";
const typeName = "ReplicaResync";

/**
 * Declares "this virtual machine's replica has been resynchronized for this request". `create`, and an `update` that
 * carries a new request, call `Msvm_ReplicationService.Resynchronize` on the VM's host once and wait until the
 * relationship replicates normally again. Nothing else calls it: no refresh, no preview, no new version of the package.
 *
 * A resynchronization takes hours and deletes the replica's recovery points.
 *
 * @throws `pulumi.RunError` for an unknown `hyperv-replica:` key in the stack's configuration, and for resource options
 * that would not do what they say: `import`, `replaceOnChanges`, and `customTimeouts` whose `create` and `update` differ.
 */
export class ReplicaResync extends pulumi.dynamic.Resource {
  /** The VM as the program named it. */
  declare readonly vm: pulumi.Output<string>;
  /**
   * How the request stands: `"completed"`, `"skipped"` (no resynchronization was required), `"scheduled"`, `"started"`,
   * `"failed"`, `"cancelled"`, or `"unknown"`: a start may have reached the host.
   */
  declare readonly outcome: pulumi.Output<Outcome>;
  /** One sentence, for every outcome but a plain `"completed"`. */
  declare readonly reason: pulumi.Output<string | undefined>;
  /** What an operator should know: completed with warnings, stalled, paused, host not read at the last refresh. */
  declare readonly warnings: pulumi.Output<string[]>;
  /** When the resynchronization ended, ISO 8601 UTC; absent when there was none. */
  declare readonly completionTime: pulumi.Output<string | undefined>;
  /** What `Resynchronize` returned: 0 or 4096 when it was accepted; absent when no call was made. */
  declare readonly returnCode: pulumi.Output<number | undefined>;
  /** GUID of the VM in lower case. */
  declare readonly vmId: pulumi.Output<string>;
  /** Display name of the VM. */
  declare readonly vmName: pulumi.Output<string>;
  /** The host that has the VM; it may change, and is not part of the identity. */
  declare readonly hostName: pulumi.Output<string>;
  /** The request itself: calls made, timestamps, duration in seconds. */
  declare readonly request: pulumi.Output<RequestOutput>;
  /** The replication relationship as it was last read: role, state, health, both hosts. */
  declare readonly replication: pulumi.Output<ReplicationOutput>;
  /** The job of the resynchronization as it was last seen; absent when there was none. */
  declare readonly job: pulumi.Output<JobOutput | undefined>;
  /** Requests that failed in a row, and before which time no new call is made. */
  declare readonly failures: pulumi.Output<FailuresOutput>;
  /** What only the provider needs. Not for programs: it changes without notice. */
  declare readonly internal: pulumi.Output<InternalOutput>;

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
      `ReplicaResync "${name}": the option "import" is not accepted: a request cannot be imported. Leave it out; a VM that replicates normally is skipped, not resynchronized`,
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
  return Object.fromEntries(outputNames.map((name) => [name, undefined])) as Record<OutputName, undefined>;
}

/** The properties of the class are exactly the outputs of the list: a difference does not compile. */
type ClassOutput = Exclude<keyof ReplicaResync, keyof pulumi.CustomResource | keyof ReplicaResyncArgs>;
true satisfies [ClassOutput, OutputName] extends [OutputName, ClassOutput] ? true : false;
