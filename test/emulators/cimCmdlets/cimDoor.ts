import {
  CimFault,
  cimFaultCode,
  HostUnreachable,
  LogonRefused,
  ReplyLost,
  type HostCall,
  type SimulatedHost,
} from "../../../provider/simulator/forDoors";
import { embeddedInstanceId, embeddedText } from "./embeddedInstance";
import {
  cimTimeOf,
  isList,
  isoOf,
  sentInstance,
  sentProperty,
  type CimValue,
  type Parameter,
  type Request,
  type SentProperty,
} from "./cimWire";

type Invoke = Extract<HostCall, { kind: "invoke" }>;

/** The door's name in the journal. */
const door = "cim-cmdlets";

/** Key properties of the classes that are read. Source: their pages, learn.microsoft.com. */
const keysOf: Readonly<Record<string, readonly string[]>> = {
  Msvm_ReplicationService: ["SystemCreationClassName", "SystemName", "CreationClassName", "Name"],
  Msvm_ComputerSystem: ["CreationClassName", "Name"],
  Msvm_AffectedJobElement: ["AffectedElement", "AffectingElement"],
};
const instanceId = ["InstanceID"];

/** Carries one request of the module out; what the CIM client would throw is an answer, anything else is thrown. */
export async function answerRequest(host: SimulatedHost, request: Request): Promise<object> {
  try {
    return { ok: true, ...(await carryOut(host, request)) };
  } catch (error) {
    return { ok: false, error: cimErrorOf(error) };
  }
}

async function carryOut(host: SimulatedHost, request: Request): Promise<object> {
  switch (request.operation) {
    case "logOn": {
      const { user, password } = request;
      return { user: `=${user === undefined ? host.consoleUser : host.logOn(user, password)}` };
    }
    case "time":
      return { at: cimTimeOf(host.now()) };
    case "enumerate": {
      const { className, user } = request;
      const answer = await host.call({ kind: "enumerate", className }, { door, user });
      if (answer.kind === "fault") throw answer.fault;
      const rows = answer.kind === "rows" ? answer.rows : [];
      return { rows: rows.map((row) => sentInstance(className, row, keysOf[className] ?? instanceId)) };
    }
    case "invoke": {
      const answer = await host.call(invocationOf(request), { door, user: request.user });
      if (answer.kind === "fault") throw answer.fault;
      if (answer.kind !== "returned") throw new Error(`${request.method} answered with rows`);
      const output = Object.entries(answer.output).map(([name, value]) => outputOf(name, value));
      if (answer.jobId !== undefined) output.push(sentProperty("Job", jobReference(answer.jobId)));
      return { returnValue: answer.returnValue, output };
    }
  }
}

/** The service is the only one of its class: the model wants no target for it. */
function invocationOf({ method, target, parameters }: Extract<Request, { operation: "invoke" }>): Invoke {
  const { className } = target;
  const input = Object.fromEntries(parameters.map((parameter) => [parameter.name, inputOf(parameter)]));
  return { kind: "invoke", className, method, input, ...(className === "Msvm_ComputerSystem" && { target }) };
}

function inputOf(parameter: Parameter): CimValue {
  switch (parameter.type) {
    case "Reference":
    case "UInt16":
      return parameter.value;
    case "DateTime":
      return { dateTime: isoOf(parameter.value) };
    case "String":
      return parameter.name === "ReplicationRelationship" ? embeddedInstanceId(parameter.value) : parameter.value;
  }
}

/** Health issues are embedded instances of `Msvm_Error`; the model holds their messages only. */
function outputOf(name: string, value: CimValue): SentProperty {
  if (name !== "ReplicationHealthIssues" || !isList(value)) return sentProperty(name, value);
  const texts = value.map((message) => embeddedText("Msvm_Error", { ErrorSource: "VMMS", Message: String(message) }));
  return sentProperty(name, texts);
}

function jobReference(jobId: string): CimValue {
  return { className: "Msvm_ConcreteJob", keys: { InstanceID: jobId } };
}

/** What a CIM client makes of it. Sources: winerror.h, wsmerror.h; `ErrorCategory`, learn.microsoft.com. */
function cimErrorOf(error: unknown): { code: number; category: string; message: string } {
  if (error instanceof CimFault) {
    const category = error.code === cimFaultCode.accessDenied ? "PermissionDenied" : "ObjectNotFound";
    return { code: error.code, category, message: `=${error.message}` };
  }
  if (error instanceof HostUnreachable)
    return { code: 0x8033_8012, category: "ConnectionError", message: `=${error.message}` };
  if (error instanceof LogonRefused)
    return { code: 0x8007_052e, category: "PermissionDenied", message: `=${error.message}` };
  if (error instanceof ReplyLost)
    return { code: 0x8033_8126, category: "ConnectionError", message: `=${error.message}` };
  throw error;
}
