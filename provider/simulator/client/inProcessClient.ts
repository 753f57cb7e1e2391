import { ReplicaResyncError } from "../../core/errors";
import type { Effect } from "../../core/hyperv/effect";
import type { MethodReply } from "../../core/host/ports";
import {
  type CimRow,
  type HostCall,
  linkInstanceId,
  machineRef,
  type SimulatedHost,
  type TimedAnswer,
} from "../forDoors";
import { type CimClient, linkNumber, type LinkRef, type ReadClass } from "../../transports/cim/cimClient";
import { type RowKeys, vmKeys } from "../../transports/cim/vmKeys";
import { translate } from "./translate";

/** Who calls: without a user name the console's own user. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
}

type MethodCall = Extract<HostCall, { kind: "invoke" }>;

const service = "Msvm_ReplicationService";

/** CIM calls of the in-process door, with errors in the words of the package. */
export class InProcessClient implements CimClient {
  readonly address: string;

  constructor(
    private readonly host: SimulatedHost,
    private readonly credentials: Credentials,
  ) {
    this.address = host.name;
  }

  async readService(signal: AbortSignal): Promise<{ readonly rows: readonly unknown[]; readonly at: string }> {
    return this.enumerate(service, signal);
  }

  async readRows(
    classNames: readonly ReadClass[],
    signal: AbortSignal,
    vmId?: string,
  ): Promise<ReadonlyMap<ReadClass, readonly unknown[]>> {
    const all = new Map<ReadClass, readonly unknown[]>();
    for (const className of classNames) {
      const keys = vmId === undefined ? undefined : vmKeys(className, vmId);
      const { rows } = await this.enumerate(className, signal, keys === undefined ? "Enumerate" : "Get");
      all.set(className, keys === undefined ? rows : rows.filter((row) => hasKey(row, keys)));
    }
    return all;
  }

  async readStatistics({ vmId, kind }: LinkRef, signal: AbortSignal): Promise<unknown> {
    const input = {
      ComputerSystem: machineRef(vmId),
      ReplicationRelationship: linkInstanceId(vmId, linkNumber[kind]),
    };
    const call = { className: service, method: "GetReplicationStatisticsEx", input };
    const { returnValue, output } = await this.invoke(call, "none", signal);
    return returnValue === 0 ? output : undefined;
  }

  async resynchronize({ vmId, startTime }: { vmId: string; startTime?: string }, signal: AbortSignal) {
    const input = {
      ComputerSystem: machineRef(vmId),
      ...(startTime !== undefined && { StartTime: { dateTime: startTime } }),
    };
    return this.change({ className: service, method: "Resynchronize", input }, signal);
  }

  async requestStateChange(
    { vmId, kind, requestedState }: LinkRef & { requestedState: 3 | 7 | 9 },
    signal: AbortSignal,
  ): Promise<MethodReply> {
    const input = {
      ReplicationRelationship: linkInstanceId(vmId, linkNumber[kind]),
      RequestedState: requestedState,
    };
    const method = "RequestReplicationStateChangeEx";
    return this.change({ className: "Msvm_ComputerSystem", method, target: machineRef(vmId), input }, signal);
  }

  async close(): Promise<void> {
    // Nothing is held between calls.
  }

  private async enumerate(
    className: string,
    signal: AbortSignal,
    verb: "Enumerate" | "Get" = "Enumerate",
  ): Promise<{ rows: readonly CimRow[]; at: string }> {
    const answer = await this.call({ kind: "enumerate", className, verb }, "none", signal);
    if (answer.kind !== "rows") throw this.unexpected(`Enumerate ${className}`, "rows", "none");
    return { rows: answer.rows, at: answer.at };
  }

  /** Calls a method that changes something: an error may mean that it was carried out. */
  private async change(call: Omit<MethodCall, "kind">, signal: AbortSignal): Promise<MethodReply> {
    const { returnValue, jobId } = await this.invoke(call, "unknown", signal);
    return { returnCode: returnValue, ...(jobId === undefined ? {} : { jobId }) };
  }

  private async invoke(call: Omit<MethodCall, "kind">, effect: Effect, signal: AbortSignal) {
    const answer = await this.call({ kind: "invoke", ...call }, effect, signal);
    if (answer.kind !== "returned") throw this.unexpected(call.method, "a return value", effect);
    return answer;
  }

  private async call(call: HostCall, effect: Effect, signal: AbortSignal): Promise<TimedAnswer> {
    const step = call.kind === "enumerate" ? `read ${call.className}` : `call ${call.method}`;
    const context = { host: this.host.name, step };
    const isStopped = () => signal.aborted;
    if (isStopped())
      throw new ReplicaResyncError("CANCELLED", `stopped before it could ${step}`, { context, cause: signal.reason });
    let answer: TimedAnswer;
    try {
      answer = await this.host.call(call, { door: "in-process", user: this.logOn() }, signal);
    } catch (error) {
      if (isStopped())
        throw new ReplicaResyncError("CANCELLED", `stopped while it tried to ${step}`, {
          context,
          effect,
          cause: error,
        });
      throw translate(error, effect, context);
    }
    if (answer.kind === "fault") throw translate(answer.fault, "none", context);
    return answer;
  }

  private logOn(): string {
    const { username, password } = this.credentials;
    return username === undefined ? this.host.consoleUser : this.host.logOn(username, password);
  }

  private unexpected(what: string, expected: string, effect: Effect): ReplicaResyncError {
    return new ReplicaResyncError("BAD_REPLY", `${what} did not answer with ${expected}`, {
      effect,
      context: { host: this.host.name },
    });
  }
}

/** Whether a row is one of those; as on a host, letter case does not count. */
function hasKey(row: CimRow, { property, values }: RowKeys): boolean {
  const key = row[property];
  return typeof key === "string" && values.some((value) => value.toLowerCase() === key.toLowerCase());
}
