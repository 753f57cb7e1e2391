import { z } from "zod";
import {
  AccessDeniedError,
  AuthenticationError,
  CancelledError,
  CimFaultError,
  ConnectionError,
  NotFoundError,
  ProtocolError,
  SessionLostError,
  type Effect,
  type ReplicaResyncError,
} from "../../core/errors";
import type { MethodReply } from "../../core/ports";
import {
  CimFault,
  cimFaultCode,
  HostUnreachable,
  LogonRefused,
  ReplyLost,
  type HostCall,
  type SimulatedHost,
  type TimedAnswer,
} from "../../simulator/forDoors";

/** Who calls: without a user name the console's own user. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
}

type MethodCall = Extract<HostCall, { kind: "invoke" }>;

/** CIM calls of the in-process door: checked rows, and errors in the words of the package. */
export class InProcessClient {
  constructor(
    private readonly host: SimulatedHost,
    private readonly credentials: Credentials,
  ) {}

  /** All instances of a class, with the host's own time. */
  async enumerate<Row extends z.ZodType>(
    className: string,
    row: Row,
    signal: AbortSignal,
  ): Promise<{ rows: z.output<Row>[]; at: string }> {
    const answer = await this.call({ kind: "enumerate", className }, "none", signal);
    if (answer.kind !== "rows") throw this.unexpected(`Enumerate ${className}`, "rows");
    return { rows: answer.rows.map((one) => this.parse(one, row, className)), at: answer.at };
  }

  /** Calls a method that changes something: an error may mean that it was carried out. */
  async change(call: Omit<MethodCall, "kind">, signal: AbortSignal): Promise<MethodReply> {
    const answer = await this.call({ kind: "invoke", ...call }, "unknown", signal);
    if (answer.kind !== "returned") throw this.unexpected(call.method, "a return value", "unknown");
    const { returnValue, jobId } = answer;
    return { returnCode: returnValue, ...(jobId === undefined ? {} : { jobId }) };
  }

  /** Calls a method that only answers; `undefined` when the host does not want to. */
  async ask<Output extends z.ZodType>(
    call: Omit<MethodCall, "kind">,
    output: Output,
    signal: AbortSignal,
  ): Promise<z.output<Output> | undefined> {
    const answer = await this.call({ kind: "invoke", ...call }, "none", signal);
    if (answer.kind !== "returned") throw this.unexpected(call.method, "a return value");
    return answer.returnValue === 0 ? this.parse(answer.output, output, call.method) : undefined;
  }

  private async call(call: HostCall, effect: Effect, signal: AbortSignal): Promise<TimedAnswer> {
    const step = call.kind === "enumerate" ? `read ${call.className}` : `call ${call.method}`;
    const context = { host: this.host.name, step };
    const isStopped = () => signal.aborted;
    if (isStopped()) throw new CancelledError(`stopped before it could ${step}`, { context, cause: signal.reason });
    let answer: TimedAnswer;
    try {
      answer = await this.host.call(call, { door: "in-process", user: this.logOn() }, signal);
    } catch (error) {
      if (isStopped()) throw new CancelledError(`stopped while it tried to ${step}`, { context, effect, cause: error });
      throw translate(error, effect, context);
    }
    if (answer.kind === "fault") throw translate(answer.fault, "none", context);
    return answer;
  }

  private logOn(): string {
    const { username, password } = this.credentials;
    return username === undefined ? this.host.consoleUser : this.host.logOn(username, password);
  }

  private parse<Shape extends z.ZodType>(value: unknown, shape: Shape, what: string): z.output<Shape> {
    const checked = shape.safeParse(value);
    if (checked.success) return checked.data;
    throw new ProtocolError(`${what} answered what no host answers: ${z.prettifyError(checked.error)}`, {
      context: { host: this.host.name },
      cause: checked.error,
    });
  }

  private unexpected(what: string, expected: string, effect: Effect = "none"): ProtocolError {
    return new ProtocolError(`${what} did not answer with ${expected}`, { effect, context: { host: this.host.name } });
  }
}

/** What the simulated host threw, in the words of the package; an error of the simulator itself stays what it is. */
function translate(error: unknown, effect: Effect, context: { host: string; step: string }): unknown {
  const detail = { context, cause: error };
  if (error instanceof HostUnreachable)
    return new ConnectionError(`could not ${context.step}: ${error.message}`, detail);
  if (error instanceof LogonRefused)
    return new AuthenticationError(`could not ${context.step}: ${error.message}`, detail);
  if (error instanceof ReplyLost)
    return new SessionLostError(`could not ${context.step}: ${error.message}`, { ...detail, effect });
  if (error instanceof CimFault) return ofFault(error, detail);
  return error;
}

function ofFault(
  fault: CimFault,
  detail: { context: { host: string; step: string }; cause: unknown },
): ReplicaResyncError {
  const message = `could not ${detail.context.step}: 0x${fault.code.toString(16).toUpperCase()}, ${fault.message}`;
  switch (fault.code) {
    case cimFaultCode.accessDenied:
      return new AccessDeniedError(message, detail);
    case cimFaultCode.notFound:
      return new NotFoundError(message, detail);
    default:
      return new CimFaultError(message, detail);
  }
}
