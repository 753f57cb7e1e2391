import { CimFault, cimFaultCode, type RealClock, type SimulatedHost, SimulatorError } from "../forDoors";
import type { WsmanBehaviour } from "../scenario/wsmanBehaviour";
import { Enumerations } from "./enumerations";
import { enumerateOperation } from "./operations/answerEnumerate";
import { getOperation } from "./operations/answerGet";
import { invokeOperation } from "./operations/answerInvoke";
import type { Operation, OperationAnswer, OperationContext } from "./operations/operation";
import { pullOperation, releaseOperation } from "./operations/answerPull";
import { envelope, faultEnvelope } from "./soap/reply";
import { FaultAnswer, fault, wmiError } from "./soap/wsmanFaults";
import { action } from "./soap/wsmanNamespaces";
import { messageIdOf, readRequest, type SoapRequest } from "./soap/soapRequest";
import type { Xml } from "./xml/composeXml";
import type { XmlElement } from "./xml/parsedElement";

/** Who asks, and how much of a reply there may be. */
export interface ServiceCall {
  readonly user: string;
  readonly connection: number;
  /** Octets of text in the encoding of the reply. */
  readonly octetsOf: (text: string) => number;
}

/** A reply, and whether it is a fault. */
export interface ServiceReply {
  readonly xml: Xml;
  readonly isFault: boolean;
}

/** A request that was understood, or what is wrong with it. */
export interface Prepared {
  /** The operation, for broken replies; "" for one that was not understood. */
  readonly name: string;
  readonly run: () => Promise<ServiceReply>;
}

/** Kept free for the header of a reply and what stands around its items. */
const aroundItems = 4_096;

/** The WS-Management service of a simulated host, without its HTTP. */
export class WsmanService {
  private readonly enumerations: Enumerations;
  /** Requests under way, by user. */
  private readonly running = new Map<string, number>();

  constructor(
    private readonly host: SimulatedHost,
    private readonly behaviour: WsmanBehaviour,
    private readonly clock: RealClock,
    private readonly signal: AbortSignal,
  ) {
    this.enumerations = new Enumerations(() => clock.now(), behaviour.enumerationTimeoutMs);
  }

  /** Reads a message; what is wrong with it becomes the answer. */
  prepare(message: XmlElement, call: ServiceCall): Prepared {
    const relatesTo = messageIdOf(message);
    try {
      const request = readRequest(message);
      const operation = this.operationOf(request);
      return { name: operation.name, run: async () => this.answer(request, operation, call) };
    } catch (error) {
      return { name: "", run: async () => this.faultReply(error, relatesTo) };
    }
  }

  private async answer(request: SoapRequest, operation: Operation, call: ServiceCall): Promise<ServiceReply> {
    const { user } = call;
    const count = this.running.get(user) ?? 0;
    try {
      if (operation.isNew && count + this.enumerations.countOf(user) >= this.behaviour.maxOperationsPerUser)
        throw new FaultAnswer(fault.tooManyOperations);
      this.running.set(user, count + 1);
      try {
        const limit = this.limitOf(request);
        const { action: answerAction, body } = await this.inTime(request, operation, this.contextOf(call, limit));
        const xml = envelope(answerAction, request.messageId, ...(body === undefined ? [] : [body]));
        if (call.octetsOf(xml) > limit) throw new FaultAnswer(fault.envelopeExceeded);
        return { xml, isFault: false };
      } finally {
        this.running.set(user, (this.running.get(user) ?? 1) - 1);
      }
    } catch (error) {
      return this.faultReply(error, request.messageId);
    }
  }

  private operationOf(request: SoapRequest): Operation {
    switch (request.action) {
      case action.enumerate:
        return enumerateOperation(
          request,
          this.behaviour.badQuery === "invalidQuery" ? wmiError.invalidQuery : fault.cannotProcessFilter,
        );
      case action.pull:
        return pullOperation(request);
      case action.release:
        return releaseOperation(request);
      case action.get:
        return getOperation(request, this.behaviour);
      default:
        return invokeOperation(request, this.behaviour);
    }
  }

  private contextOf({ user, connection, octetsOf }: ServiceCall, limit: number): OperationContext {
    const { host, behaviour, enumerations, signal } = this;
    const caller = { door: "wsman", user, connection };
    return { host, behaviour, enumerations, signal, caller, octetsOf, room: limit - aroundItems };
  }

  private limitOf({ maxEnvelopeSize }: SoapRequest): number {
    const own = this.behaviour.maxEnvelopeSizeKb * 1_024;
    return Math.min(maxEnvelopeSize ?? own, own);
  }

  /** What takes too long continues without anybody waiting for it: the caller cannot know what becomes of it. */
  private async inTime(
    request: SoapRequest,
    operation: Operation,
    context: OperationContext,
  ): Promise<OperationAnswer> {
    const timeoutMs = Math.min(request.operationTimeoutMs ?? Infinity, this.behaviour.maxTimeoutMs);
    const waiting = new AbortController();
    const late = this.clock
      .sleep(timeoutMs, AbortSignal.any([waiting.signal, this.signal]))
      .then(() => new FaultAnswer(fault.timedOut));
    // The wait is given up as soon as there is an answer, which is no error.
    late.catch(() => undefined);
    const running = operation.run(context);
    running.catch(() => undefined);
    try {
      const first = await Promise.race([running, late]);
      if (first instanceof FaultAnswer) throw first;
      return first;
    } finally {
      waiting.abort();
    }
  }

  private faultReply(error: unknown, relatesTo: string | undefined): ServiceReply {
    const answer = faultOf(error);
    if (answer === undefined) throw error;
    const options = { hostName: this.host.name, wmiErrors: this.behaviour.wmiErrors };
    return { xml: faultEnvelope(answer, relatesTo, options), isFault: true };
  }
}

function faultOf(error: unknown): FaultAnswer | undefined {
  if (error instanceof FaultAnswer) return error;
  if (error instanceof CimFault)
    return new FaultAnswer(
      error.code === cimFaultCode.accessDenied ? wmiError.accessDenied : wmiError.notFound,
      error.message,
    );
  if (error instanceof SimulatorError) return new FaultAnswer(fault.internal, error.message);
  return undefined;
}
