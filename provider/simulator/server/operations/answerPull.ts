import { FaultAnswer, fault } from "../soap/wsmanFaults";
import { action, namespace } from "../soap/wsmanNamespaces";
import type { SoapRequest } from "../soap/soapRequest";
import { childOf } from "../xml/parsedElement";
import { element, emptyElement, textElement } from "../xml/composeXml";
import { countOf } from "./answerEnumerate";
import type { Operation } from "./operation";

/** Pull: the next items of an enumeration, one unless the request asks for more. */
export function pullOperation(request: SoapRequest): Operation {
  const context = contextOf(request);
  const maxElements = countOf(request.body && childOf(request.body, namespace.enumeration, "MaxElements"));
  return {
    name: "Pull",
    isNew: false,
    async run({ enumerations, caller, behaviour, room, octetsOf }) {
      const limits = { room, octetsOf, maxElements: Math.min(maxElements, behaviour.maxBatchItems) };
      const batch = enumerations.pull(caller.user, context, limits);
      const more = batch.context === undefined ? [] : [textElement("n:EnumerationContext", batch.context)];
      const end = batch.context === undefined ? [emptyElement("n:EndOfSequence")] : [];
      const items = element("n:Items", {}, ...batch.items);
      return { action: `${action.pull}Response`, body: element("n:PullResponse", {}, ...more, items, ...end) };
    },
  };
}

/** Release: gives an enumeration up before its end. */
export function releaseOperation(request: SoapRequest): Operation {
  const context = contextOf(request);
  return {
    name: "Release",
    isNew: false,
    async run({ enumerations, caller }) {
      enumerations.release(caller.user, context);
      return { action: `${action.release}Response`, body: undefined };
    },
  };
}

function contextOf({ body }: SoapRequest): string {
  const context = childOf(body, namespace.enumeration, "EnumerationContext")?.text.trim();
  if (context === undefined || context === "") throw new FaultAnswer(fault.enumerationContext);
  return context;
}
