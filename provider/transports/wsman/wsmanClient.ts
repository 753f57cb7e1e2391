import { z } from "zod";
import { beforeCall, isReplicaResyncError, ReplicaResyncError } from "../../core/errors";
import type { Clock, MethodReply } from "../../core/host/ports";
import { resyncJobType, seededInitialReplicationJobType } from "../../core/hyperv/relationship";
import type { CimClient, LinkRef, ReadClass } from "../cim/cimClient";
import { describeHresult } from "../cim/hresult";
import { vmKeys } from "../cim/vmKeys";
import { hostError, type Step, stopped } from "./hostErrors";
import { HttpFailure } from "./http/httpFailure";
import { enumerate } from "./operations/enumerate";
import { type Invocation, invoke, methodReply, type Output } from "./operations/invoke";
import * as parameters from "./operations/parameters";
import type { MomentForm } from "./operations/parameters";
import { readAgain } from "./operations/readAgain";
import { faultCode, HostFault } from "./soap/fault";
import { anyClassUri, classUri } from "./soap/namespaces";
import { readDate, type SoapSession } from "./soap/soapSession";
import { messageOfError } from "./values/embedded";
import { type EndpointReference, readEndpointReference, selectorSetOf } from "./values/endpointReference";
import { readRow, type Row, type WireClass } from "./values/readRow";
import { readValue } from "./values/readValue";
import { isOneOf, selectAll, wqlLiteral } from "./wql";
import { element, sendBack, type Xml } from "./xml/writeXml";
import type { XmlElement } from "./xml/xmlElement";

const service = "Msvm_ReplicationService";
const machine = "Msvm_ComputerSystem";
const resyncJobTypes: readonly number[] = [...Object.values(resyncJobType), seededInitialReplicationJobType];

/** Narrower queries, where a host has much that is not used here. */
const filters: Partial<Record<ReadClass, string>> = { Msvm_ConcreteJob: isOneOf("JobType", resyncJobTypes) };

/** What changes for a VM when its resync begins. */
interface State {
  readonly links: string;
  readonly jobIds: ReadonlySet<unknown>;
}

/** CIM calls over WS-Management. */
export class WsmanClient implements CimClient {
  #service: EndpointReference | undefined;
  #momentForm: MomentForm | undefined;

  constructor(
    readonly address: string,
    private readonly session: SoapSession,
    private readonly clock: Clock,
  ) {}

  async readService(signal: AbortSignal): Promise<{ readonly rows: readonly unknown[]; readonly at: string }> {
    return this.#reading(service, signal, async () => {
      const query = { resourceUri: classUri(service), withReferences: true };
      const read = (item: XmlElement) => ({ row: readRow(item, service), reference: readEndpointReference(item) });
      const { items, date } = await enumerate(this.session, query, read, signal);
      this.#service = items[0]?.reference;
      return { rows: items.map(({ row }) => row), at: readDate(date) };
    });
  }

  async readRows(
    classNames: readonly ReadClass[],
    signal: AbortSignal,
    vmId?: string,
  ): Promise<ReadonlyMap<ReadClass, readonly unknown[]>> {
    const all = new Map<ReadClass, readonly unknown[]>();
    for (const className of classNames) {
      all.set(className, await this.#select(className, conditionOf(className, vmId), signal));
    }
    return all;
  }

  async readStatistics(link: LinkRef, signal: AbortSignal): Promise<unknown> {
    const method = "GetReplicationStatisticsEx";
    const input = [parameters.computerSystem(link.vmId), parameters.replicationRelationship(link)];
    const output = await this.#callService({ method, parameters: input, isChange: false }, signal);
    if (output.returnValue !== 0) return undefined;
    const issues = readValue(
      output.parameters.filter(({ name }) => name === "ReplicationHealthIssues"),
      "string[]",
    );
    return { ReplicationHealthIssues: texts.parse(issues).map(messageOfError) };
  }

  async resynchronize(
    { vmId, startTime }: { vmId: string; startTime?: string },
    signal: AbortSignal,
  ): Promise<MethodReply> {
    if (startTime === undefined) return this.#resynchronize(vmId, [], signal);
    const sendAs = async (form: MomentForm): Promise<MethodReply> => {
      const reply = await this.#resynchronize(vmId, [parameters.startTime(startTime, form)], signal);
      this.#momentForm = form;
      return reply;
    };
    if (this.#momentForm !== undefined) return sendAs(this.#momentForm);
    const before = await preparing(this.#stateOf(vmId, signal));
    try {
      return await sendAs("datetime");
    } catch (error) {
      // The fault says that the host cannot read our parameters, and also that it cannot word its own answer.
      const isUnread = isReplicaResyncError(error) && codeOf(error.cause) === faultCode.schemaValidation;
      if (!isUnread || !(await this.#isUnchanged(vmId, before, signal))) throw error;
      // What the host accepted anyway may take a little time to show.
      await this.clock.sleep(secondLookMs, signal);
      if (!(await this.#isUnchanged(vmId, before, signal))) throw error;
    }
    return sendAs("cimDateTime");
  }

  async requestStateChange(
    { requestedState, ...link }: LinkRef & { requestedState: 3 | 7 | 9 },
    signal: AbortSignal,
  ): Promise<MethodReply> {
    const call = {
      className: machine,
      method: "RequestReplicationStateChangeEx",
      resourceUri: classUri(machine),
      selectorSet: selectorSetOf(parameters.machineRef(link.vmId).keys),
      parameters: [parameters.replicationRelationship(link), element("p:RequestedState", {}, String(requestedState))],
      isChange: true,
    };
    return methodReply(await this.#invoke(call, signal));
  }

  async close(): Promise<void> {
    this.session.close();
  }

  async #resynchronize(vmId: string, more: readonly Xml[], signal: AbortSignal): Promise<MethodReply> {
    const input = [parameters.computerSystem(vmId), ...more];
    return methodReply(await this.#callService({ method: "Resynchronize", parameters: input, isChange: true }, signal));
  }

  /**
   * Calls a method of the service; one that changes nothing is called again when the host says that there is no such service and
   * shows another one.
   */
  async #callService(
    call: Pick<Invocation, "method" | "parameters" | "isChange">,
    signal: AbortSignal,
  ): Promise<Output> {
    const used = this.#service ?? (await preparing(this.#findService(signal)));
    try {
      return await this.#invoke({ ...call, ...targetOf(used) }, signal);
    } catch (error) {
      if (!isReplicaResyncError(error) || !isGone(error.cause)) throw error;
      if (call.isChange) {
        // Another service may be that of another host, which has not been read yet: the next call reads it first.
        this.#service = undefined;
        throw error;
      }
      const found = await this.#findService(signal);
      if (JSON.stringify(found) === JSON.stringify(used)) throw error;
      return this.#invoke({ ...call, ...targetOf(found) }, signal);
    }
  }

  async #findService(signal: AbortSignal): Promise<EndpointReference> {
    await this.readService(signal);
    if (this.#service !== undefined) return this.#service;
    throw new ReplicaResyncError("NOT_FOUND", "the host has no replication service", {
      context: { host: this.address, step: `read ${service}` },
      remedy: "Check that the Hyper-V Virtual Machine Management service runs",
    });
  }

  async #invoke(call: Invocation, signal: AbortSignal): Promise<Output> {
    const step = { host: this.address, step: `call ${call.method}`, isChange: call.isChange };
    return guarded(step, signal, async () => invoke(this.session, call, signal));
  }

  async #select(className: ReadClass, where: string | undefined, signal: AbortSignal): Promise<readonly Row[]> {
    const query = { resourceUri: anyClassUri, wql: selectAll(className, where) };
    return this.#reading(className, signal, async () => {
      const { items } = await enumerate(this.session, query, (item) => readRow(item, className), signal);
      return items;
    });
  }

  async #reading<Result>(className: WireClass, signal: AbortSignal, read: () => Promise<Result>): Promise<Result> {
    const step = { host: this.address, step: `read ${className}`, isChange: false };
    return guarded(step, signal, async () => readAgain(read, this.clock, signal));
  }

  async #stateOf(vmId: string, signal: AbortSignal): Promise<State> {
    const relationship = "Msvm_ReplicationRelationship";
    const links = await this.#select(relationship, conditionOf(relationship, vmId), signal);
    const jobs = await this.#select("Msvm_ConcreteJob", filters.Msvm_ConcreteJob, signal);
    const states = links.map(({ InstanceID, ReplicationState }) => JSON.stringify([InstanceID, ReplicationState]));
    return { links: states.sort().join(), jobIds: new Set(jobs.map(({ InstanceID }) => InstanceID)) };
  }

  async #isUnchanged(vmId: string, before: State, signal: AbortSignal): Promise<boolean> {
    try {
      const now = await this.#stateOf(vmId, signal);
      return now.links === before.links && [...now.jobIds].every((id) => before.jobIds.has(id));
    } catch (error) {
      if (isReplicaResyncError(error)) return false;
      throw error;
    }
  }
}

/** Which rows of a class are asked for. */
function conditionOf(className: ReadClass, vmId: string | undefined): string | undefined {
  const keys = vmId === undefined ? undefined : vmKeys(className, vmId);
  if (keys === undefined) return filters[className];
  return keys.values.map((value) => `${keys.property} = ${wqlLiteral(value)}`).join(" OR ");
}

/** Between the two looks that have to show nothing before a call is made in another form. */
const secondLookMs = 2_000;

/** What has to be read before a call that changes something can be made. */
async function preparing<Result>(reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    throw isReplicaResyncError(error) ? beforeCall(error) : error;
  }
}

const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

function targetOf({
  resourceUri,
  selectorSet,
}: EndpointReference): Pick<Invocation, "className" | "resourceUri" | "selectorSet"> {
  return { className: service, resourceUri, selectorSet: sendBack(selectorSet) };
}

function codeOf(error: unknown): number | undefined {
  return error instanceof HostFault ? error.code : undefined;
}

function isGone(error: unknown): boolean {
  if (!(error instanceof HostFault) || error.code === undefined) return false;
  return error.isAnswer && describeHresult(error.code).kind === "notFound";
}

async function guarded<Result>(step: Step, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  const { host, step: what } = step;
  const isStopped = (): boolean => signal.aborted;
  if (isStopped()) {
    throw new ReplicaResyncError("CANCELLED", `stopped before it could ${what}`, {
      context: { host, step: what },
      cause: signal.reason,
    });
  }
  try {
    return await work();
  } catch (error) {
    if (isStopped() && (error instanceof HttpFailure || error === signal.reason)) throw stopped(step, error);
    throw hostError(error, step);
  }
}
