import type { MethodReply } from "../../../core/host/ports";
import { classUri } from "../soap/namespaces";
import type { SoapSession } from "../soap/soapSession";
import { readReference } from "../values/endpointReference";
import { isNil, readValue } from "../values/readValue";
import { WireError } from "../values/wireError";
import { element, type Xml } from "../xml/writeXml";
import type { XmlElement } from "../xml/xmlElement";

/** A method of an instance. */
export interface Invocation {
  readonly className: string;
  readonly method: string;
  /** Where its class is declared: the instance's own resource URI. */
  readonly resourceUri: string;
  /** `w:SelectorSet` of the instance. */
  readonly selectorSet: Xml;
  /** Elements with the prefix `p`, in the order in which the method declares them; null is an element left out. */
  readonly parameters: readonly Xml[];
  readonly isChange: boolean;
}

/** What came back: the elements of `<Method>_OUTPUT`. */
export interface Output {
  readonly returnValue: number;
  readonly parameters: readonly XmlElement[];
}

/**
 * Calls a method, once. Source: MS-WSMV, section 3.1.4.11 and its example in section 4.
 * @throws {@link WireError} for a response that does not belong to this call.
 */
export async function invoke(session: SoapSession, call: Invocation, signal: AbortSignal): Promise<Output> {
  const { className, method, resourceUri, selectorSet, parameters, isChange } = call;
  const input = element(`p:${method}_INPUT`, { "xmlns:p": classUri(className) }, ...parameters);
  const request = { action: `${resourceUri}/${method}`, resourceUri, selectorSet, body: [input] };
  const { body } = await session.ask(request, isChange, signal);
  const output = body.children.find(({ name }) => name === `${method}_OUTPUT`);
  if (output === undefined) throw new WireError(`it is not a response to ${method}`);
  const named = output.children.filter(({ name }) => name === "ReturnValue");
  const returnValue = readValue(named, "number");
  if (typeof returnValue !== "number") throw new WireError(`the response to ${method} has no return value`);
  return { returnValue, parameters: output.children };
}

/** What a method that makes a job answers. A job whose reference cannot be read exists anyway. */
export function methodReply({ returnValue, parameters }: Output): MethodReply {
  const job = parameters.find(({ name }) => name === "Job");
  const jobId = job === undefined || isNil(job) ? undefined : jobIdOf(job);
  return { returnCode: returnValue, ...(jobId !== undefined && { jobId }) };
}

function jobIdOf(job: XmlElement): string | undefined {
  try {
    return readReference(job).keys["InstanceID"];
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
