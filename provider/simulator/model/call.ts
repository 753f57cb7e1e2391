import { advance } from "./advance";
import type { CimReference, CimRow, CimValue } from "./rows/cimValue";
import { CimFault } from "./hostFaults";
import { SimulatorError } from "../simulatorError";
import { getReplicationStatisticsEx } from "./methods/getReplicationStatisticsEx";
import type { HostState, MachineState } from "./hostState";
import type { JournalLine } from "./journalLine";
import type { Method, MethodCall } from "./methods/method";
import { requestReplicationStateChangeEx } from "./methods/requestReplicationStateChangeEx";
import { resynchronize } from "./methods/resynchronize";
import { knownClasses, rowsOf } from "./rows/cimRows";

/** Who calls, and through what. */
export interface Caller {
  /** The door's name, for the journal: `in-process`, … */
  readonly door: string;
  /** The account, as {@link SimulatedHost.logOn} gives it back; one that the host does not have sees nothing. */
  readonly user: string;
  /** Which of the door's connections it came through, counted from 1, if it has any. */
  readonly connection?: number;
}

/** A query for all instances of a class, or a call of a method on one. */
export type HostCall =
  | {
      readonly kind: "enumerate";
      readonly className: string;
      /** What the caller asked for: all instances, or one of them, which the door picks. Default all. */
      readonly verb?: "Enumerate" | "Get";
    }
  | {
      readonly kind: "invoke";
      readonly className: string;
      readonly method: string;
      /** The instance, where the class has more than one. */
      readonly target?: CimReference;
      readonly input: CimRow;
    };

/** What the host answers: instances, a return value with output parameters, or a fault. */
export type HostAnswer =
  | { readonly kind: "rows"; readonly rows: readonly CimRow[] }
  | { readonly kind: "returned"; readonly returnValue: number; readonly jobId?: string; readonly output: CimRow }
  | { readonly kind: "fault"; readonly fault: CimFault };

/** A call that was carried out. */
export interface CarriedOut {
  readonly host: HostState;
  readonly answer: HostAnswer;
  readonly line: JournalLine;
}

const methods: Readonly<Record<string, Method>> = {
  "Msvm_ReplicationService.Resynchronize": resynchronize,
  "Msvm_ReplicationService.GetReplicationStatisticsEx": getReplicationStatisticsEx,
  "Msvm_ComputerSystem.RequestReplicationStateChangeEx": requestReplicationStateChangeEx,
};

/** The name of a call in the journal and in a fault's `operation`. */
export function operationOf(call: HostCall): string {
  return call.kind === "enumerate" ? `${call.verb ?? "Enumerate"} ${call.className}` : call.method;
}

/**
 * Carries one call out on a host at a time: the host afterwards, the answer, and the line for the journal.
 * @throws SimulatorError for a class, method or parameter that the model does not have.
 */
export function carryOut(before: HostState, call: HostCall, caller: Caller, nowMs: number): CarriedOut {
  const host = structuredClone(before);
  advance(host, nowMs);
  const { answer, machine } = answerOf(host, call, caller);
  // What the call set going begins at the same time.
  advance(host, host.nowMs);
  return { host, answer, line: lineOf(host, call, caller, answer, machine) };
}

function answerOf(
  host: HostState,
  call: HostCall,
  { user }: Caller,
): { answer: HostAnswer; machine?: MachineState | undefined } {
  const account = host.accounts.find((one) => one.user === user);
  const rights = account?.rights ?? "none";
  if (call.kind === "enumerate") {
    if (!knownClasses.includes(call.className)) throw unknown("class", call.className, knownClasses);
    return { answer: { kind: "rows", rows: rowsOf(host, call.className, rights !== "none") } };
  }
  const method = methodOf(call);
  const methodCall: MethodCall = {
    host,
    owner: `${host.name}\\${account?.user ?? user}`,
    target: call.target,
    input: call.input,
    sees: rights !== "none",
    mayChange: rights === "administrator",
  };
  const machine = method.machineOf(methodCall);
  try {
    if (host.service === "stopped") throw new CimFault("notFound", `there is no instance of ${call.className}`);
    const { returnValue, jobId, output = {} } = method.run(methodCall, machine);
    return { answer: { kind: "returned", returnValue, output, ...(jobId === undefined ? {} : { jobId }) }, machine };
  } catch (fault) {
    if (fault instanceof CimFault) return { answer: { kind: "fault", fault }, machine };
    throw fault;
  }
}

function methodOf({ className, method: name, input }: Extract<HostCall, { kind: "invoke" }>): Method {
  const fullName = `${className}.${name}`;
  const method = Object.hasOwn(methods, fullName) ? methods[fullName] : undefined;
  if (method === undefined) throw unknown("method", fullName, Object.keys(methods));
  for (const parameter of Object.keys(input)) {
    if (!method.parameters.includes(parameter)) throw unknown(`parameter of ${name}`, parameter, method.parameters);
  }
  return method;
}

function unknown(what: string, name: string, known: readonly string[]): SimulatorError {
  return new SimulatorError(`the simulated host has no ${what} ${name}; it has ${known.join(", ")}`);
}

function lineOf(
  host: HostState,
  call: HostCall,
  { door, connection }: Caller,
  answer: HostAnswer,
  machine: MachineState | undefined,
): JournalLine {
  return {
    at: new Date(host.nowMs).toISOString(),
    door,
    machine: machine?.name ?? null,
    machineId: machine?.id ?? null,
    operation: operationOf(call),
    input: call.kind === "enumerate" ? {} : plainInput(call.input),
    returnValue: answer.kind === "returned" ? answer.returnValue : null,
    jobId: answer.kind === "returned" ? (answer.jobId ?? null) : null,
    ...(connection !== undefined && { connection }),
  };
}

/** Parameters in plain text: a time as ISO 8601, a reference as the name of what it points to. */
function plainInput(input: CimRow): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, plain(value)]));
}

function plain(value: CimValue): unknown {
  if (typeof value !== "object" || value === null || isList(value)) return value;
  if ("dateTime" in value) return value.dateTime;
  if ("intervalMs" in value) return value.intervalMs;
  return value.keys["Name"] ?? value.keys;
}

function isList(value: CimValue): value is readonly number[] | readonly string[] {
  return Array.isArray(value);
}
