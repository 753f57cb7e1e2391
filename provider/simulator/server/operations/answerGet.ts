import type { WsmanBehaviour } from "../../scenario/wsmanBehaviour";
import { type CimClass, wholeInstance } from "../cim/cimClasses";
import { addressOf, type EndpointReference, hasKeys, readSelectors } from "../cim/instanceAddress";
import { instanceXml } from "../cim/instanceXml";
import { FaultAnswer, fault, wmiError } from "../soap/wsmanFaults";
import { action } from "../soap/wsmanNamespaces";
import type { SoapRequest } from "../soap/soapRequest";
import { type Operation, rowsOf } from "./operation";
import { classAt, requiredClass } from "./resource";

/** Get: one instance by its keys. */
export function getOperation(request: SoapRequest, behaviour: WsmanBehaviour): Operation {
  const cimClass = requiredClass(classAt(request.resourceUri));
  const wanted = readSelectors(request.selectors);
  if (wanted.size === 0) throw new FaultAnswer(fault.keysNeeded);
  checkSelectors(cimClass, wanted, behaviour);
  return {
    name: `Get ${cimClass.name}`,
    isNew: true,
    async run({ host, caller, signal }) {
      const call = { kind: "enumerate", className: cimClass.name, verb: "Get" } as const;
      const rows = rowsOf(await host.call(call, caller, signal));
      const [instance, ...others] = rows.filter((row) => hasKeys(addressOf(cimClass, row), wanted));
      if (instance === undefined)
        throw new FaultAnswer(behaviour.instanceGone === "wmiNotFound" ? wmiError.notFound : fault.resourceNotFound);
      if (others.length > 0) throw new FaultAnswer(fault.selectorsMissing);
      return { action: `${action.get}Response`, body: instanceXml(cimClass, wholeInstance(cimClass, instance)) };
    },
  };
}

/** Refuses selectors that are no keys of the class, and too few of them where the host wants all. @throws FaultAnswer */
export function checkSelectors(
  { keys }: CimClass,
  wanted: ReadonlyMap<string, string | EndpointReference>,
  { someSelectors }: WsmanBehaviour,
): void {
  const lowerKeys = keys.map((key) => key.toLowerCase());
  for (const name of wanted.keys()) {
    if (!lowerKeys.includes(name.toLowerCase())) throw new FaultAnswer(fault.selectorUnexpected, name);
  }
  if (someSelectors === "refused" && wanted.size < keys.length) throw new FaultAnswer(fault.selectorsMissing);
}
