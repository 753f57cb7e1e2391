import type { CimReference, CimRow, CimValue } from "../../forDoors";
import type { WsmanBehaviour } from "../../scenario/wsmanBehaviour";
import type { ParameterType } from "./cimClasses";
import { dateTimeParameter } from "./dateTimeParameter";
import { type EndpointReference, readAddress } from "./instanceAddress";
import { FaultAnswer, fault, wmiError } from "../soap/wsmanFaults";
import { namespace } from "../soap/wsmanNamespaces";
import { parseXml, XmlRefused } from "../xml/parseXml";
import { attributeOf, type XmlElement } from "../xml/parsedElement";

/**
 * Reads the `<Method>_INPUT` of an Invoke: the parameters that are there, by their declared types.
 * @throws FaultAnswer for anything that the declaration does not have.
 */
export function readInput(
  body: XmlElement | undefined,
  method: {
    readonly name: string;
    readonly classUri: string;
    readonly parameters: Readonly<Record<string, ParameterType>>;
  },
  behaviour: Pick<WsmanBehaviour, "dateTimeInput" | "nilInput">,
): CimRow {
  if (body?.uri !== method.classUri || body.local !== `${method.name}_INPUT`)
    throw new FaultAnswer(fault.schemaValidation, `The body is not ${method.name}_INPUT of the class.`);
  const input: Record<string, CimValue> = {};
  for (const parameter of body.children) {
    const { local: name, uri } = parameter;
    const type = Object.hasOwn(method.parameters, name) ? method.parameters[name] : undefined;
    if (uri !== method.classUri || type === undefined || name in input)
      throw new FaultAnswer(fault.schemaValidation, `${method.name} has no parameter ${name} there.`);
    input[name] = valueOf(parameter, type, behaviour);
  }
  return input;
}

function valueOf(
  parameter: XmlElement,
  type: ParameterType,
  behaviour: Pick<WsmanBehaviour, "dateTimeInput" | "nilInput">,
): CimValue {
  const nil = attributeOf(parameter, namespace.instance, "nil");
  if (nil === "true" || nil === "1") {
    if (behaviour.nilInput === "refused") throw new FaultAnswer(fault.schemaValidation, `${parameter.local} is nil.`);
    return null;
  }
  switch (type) {
    case "reference":
      return plainReference(readAddress(parameter));
    case "dateTime":
      return dateTimeParameter(parameter, behaviour.dateTimeInput);
    case "uint16":
      return smallNumber(parameter);
    case "embeddedRelationship":
      return embeddedKey(parameter);
  }
}

function plainReference({ className, keys }: EndpointReference): CimReference {
  const plain = Object.entries(keys).map(([name, value]) => {
    if (typeof value === "string") return [name, value] as const;
    throw new FaultAnswer(wmiError.invalidParameter, `${name} is not text.`);
  });
  return { className, keys: Object.fromEntries(plain) };
}

function smallNumber({ local, text, children }: XmlElement): number {
  const digits = text.trim();
  if (children.length === 0 && /^\d{1,5}$/.test(digits) && Number(digits) <= 0xffff) return Number(digits);
  throw new FaultAnswer(fault.schemaValidation, `${local} is not a uint16.`);
}

/** An embedded instance travels as the text of a CIM-XML `INSTANCE` (DSP0201); elements in its place are refused. */
function embeddedKey({ local, text, children }: XmlElement): string {
  if (children.length > 0) throw new FaultAnswer(fault.schemaValidation, `${local} is not text.`);
  const instance = embeddedInstance(text);
  const property = instance?.children.find(
    (one) => one.local === "PROPERTY" && attributeOf(one, "", "NAME") === "InstanceID",
  );
  const value = property?.children.find((one) => one.local === "VALUE")?.text;
  if (value === undefined) throw new FaultAnswer(wmiError.invalidParameter, `${local} is not an embedded instance.`);
  return value;
}

function embeddedInstance(text: string): XmlElement | undefined {
  try {
    const root = parseXml(text);
    const isMeant = root.local === "INSTANCE" && attributeOf(root, "", "CLASSNAME") === "Msvm_ReplicationRelationship";
    return isMeant ? root : undefined;
  } catch (error) {
    if (error instanceof XmlRefused) return undefined;
    throw error;
  }
}
