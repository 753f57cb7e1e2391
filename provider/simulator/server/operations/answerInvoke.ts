import { type CimReference, type CimRow, jobRef, type SimulatedHost, type TimedAnswer } from "../../forDoors";
import type { WsmanBehaviour } from "../../scenario/wsmanBehaviour";
import type { CimClass } from "../cim/cimClasses";
import { type EndpointReference, hasKeys, readSelectors } from "../cim/instanceAddress";
import { outputXml } from "../cim/instanceXml";
import { readInput } from "../cim/methodParameters";
import { FaultAnswer, fault, wmiError } from "../soap/wsmanFaults";
import { classPrefix } from "../soap/wsmanNamespaces";
import type { SoapRequest } from "../soap/soapRequest";
import { checkSelectors } from "./answerGet";
import { healthIssueText, statisticsText } from "./embeddedInstance";
import type { Operation } from "./operation";
import { classAt, requiredClass } from "./resource";

/** A method of an instance: the action is the class's URI and the method. Source: MS-WSMV 4.1.4. */
export function invokeOperation(request: SoapRequest, behaviour: WsmanBehaviour): Operation {
  const cimClass = requiredClass(classAt(request.resourceUri));
  const classUri = `${classPrefix}${cimClass.name}`;
  const method = methodOf(request, cimClass);
  const parameters = cimClass.methods[method];
  if (parameters === undefined) throw new FaultAnswer(fault.actionNotSupported);
  const wanted = readSelectors(request.selectors);
  if (wanted.size === 0) throw new FaultAnswer(wmiError.invalidMethodParameters, "The request has no selectors.");
  checkSelectors(cimClass, wanted, behaviour);
  const input = readInput(request.body, { name: method, classUri, parameters }, behaviour);
  return {
    name: method,
    isNew: true,
    async run({ host, caller, signal }) {
      const target = targetOf(cimClass, wanted, host);
      const call = { kind: "invoke", className: cimClass.name, method, input, ...(target && { target }) } as const;
      const output = outputOf(method, await host.call(call, caller, signal));
      return { action: `${classUri}/${method}Response`, body: outputXml(cimClass.name, method, output) };
    },
  };
}

function methodOf({ action, resourceUri }: SoapRequest, { methods }: CimClass): string {
  const name = action.toLowerCase().startsWith(`${resourceUri.toLowerCase()}/`)
    ? action.slice(resourceUri.length + 1)
    : "";
  if (!Object.hasOwn(methods, name)) throw new FaultAnswer(fault.actionNotSupported, action);
  return name;
}

/** The VM behind the selectors; the service is there once. @throws FaultAnswer when they name none of these. */
function targetOf(
  { name }: CimClass,
  wanted: ReadonlyMap<string, string | EndpointReference>,
  host: SimulatedHost,
): CimReference | undefined {
  if (name === "Msvm_ComputerSystem") return machineOf(wanted);
  const keys = {
    SystemCreationClassName: "Msvm_ComputerSystem",
    SystemName: host.name,
    CreationClassName: name,
    Name: "replicasvc",
  };
  if (!hasKeys({ className: name, keys }, wanted)) throw new FaultAnswer(wmiError.notFound);
  return undefined;
}

function machineOf(wanted: ReadonlyMap<string, string | EndpointReference>): CimReference {
  const className = "Msvm_ComputerSystem";
  const keys: Record<string, string> = {};
  for (const [key, value] of wanted) {
    if (typeof value !== "string") throw new FaultAnswer(fault.selectorValue, key);
    keys[key.toLowerCase() === "name" ? "Name" : "CreationClassName"] = value;
  }
  if (keys["Name"] === undefined) throw new FaultAnswer(fault.selectorsMissing, "Name");
  if ((keys["CreationClassName"] ?? className).toLowerCase() !== className.toLowerCase())
    throw new FaultAnswer(wmiError.notFound);
  return { className, keys };
}

/** Output parameters are there with every return value, and null where they have none. */
function outputOf(method: string, answer: TimedAnswer): CimRow {
  if (answer.kind === "fault") throw answer.fault;
  if (answer.kind !== "returned") throw new Error(`a method was answered with ${answer.kind}`);
  const { returnValue, jobId, output } = answer;
  const job = { Job: jobId === undefined ? null : jobRef(jobId), ReturnValue: returnValue };
  if (method !== "GetReplicationStatisticsEx") return job;
  const issues = output["ReplicationHealthIssues"];
  const texts = Array.isArray(issues) ? issues.map((issue) => healthIssueText(String(issue))) : null;
  return { ReplicationHealthIssues: texts, ReplicationStatistics: texts && [statisticsText()], ...job };
}
