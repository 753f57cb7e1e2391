import { type CimClass, classNamed } from "../cim/cimClasses";
import { FaultAnswer, type FaultKind, fault, wmiError, type WmiError } from "../soap/wsmanFaults";
import { classPrefix } from "../soap/wsmanNamespaces";

/** The last part of a resource URI whose class is named in a query. */
export const anyClass = "*";

const wmiPrefix = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/";

/** The name of the class that a resource URI ends in. @throws FaultAnswer for any other namespace. */
export function classAt(resourceUri: string): string {
  if (resourceUri.toLowerCase().startsWith(classPrefix)) return resourceUri.slice(classPrefix.length);
  throw new FaultAnswer(resourceUri.startsWith(wmiPrefix) ? wmiError.invalidNamespace : fault.resourceUri);
}

/** The class of this name. @throws FaultAnswer when the host has none. */
export function requiredClass(name: string, otherwise: FaultKind | WmiError = fault.resourceNotFound): CimClass {
  const found = classNamed(name);
  if (found === undefined) throw new FaultAnswer(otherwise, `There is no class ${name}.`);
  return found;
}
