import { addressOf, addressParts } from "../cim/instanceAddress";
import { instanceXml } from "../cim/instanceXml";
import { FaultAnswer, fault, wmiError } from "../soap/wsmanFaults";
import { action, namespace, wqlDialect } from "../soap/wsmanNamespaces";
import type { SoapRequest } from "../soap/soapRequest";
import { attributeOf, childOf, type XmlElement } from "../xml/parsedElement";
import { element, emptyElement, joined, textElement, type Xml } from "../xml/composeXml";
import type { CimRow } from "../../forDoors";
import { type CimClass, wholeInstance } from "../cim/cimClasses";
import { type Query, QueryRefused, readQuery } from "../wql/query";
import { select } from "../wql/select";
import { type Operation, rowsOf } from "./operation";
import { anyClass, classAt, requiredClass } from "./resource";

const modes = ["EnumerateObject", "EnumerateObjectAndEPR", "EnumerateEPR"] as const;
type Mode = (typeof modes)[number];

/** Enumerate: all instances of a class, or those that a WQL query asks for. Sources: DSP0226 section 8, MS-WSMV 3.1.4.1.13 to 17. */
export function enumerateOperation(request: SoapRequest, badQuery: FaultAnswer["fault"]): Operation {
  const { body } = request;
  if (body === undefined) throw new FaultAnswer(fault.schemaValidation);
  const { cimClass, query } = sourceOf(request, body, badQuery);
  const mode = modeOf(body);
  const optimizes = childOf(body, namespace.wsman, "OptimizeEnumeration") !== undefined;
  const maxElements = countOf(childOf(body, namespace.wsman, "MaxElements"));
  return {
    name: `Enumerate ${cimClass.name}`,
    isNew: true,
    async run(context) {
      const { host, caller, signal, enumerations, behaviour } = context;
      const rows = rowsOf(await host.call({ kind: "enumerate", className: cimClass.name }, caller, signal));
      const items = itemsOf(cimClass, rows, { query, mode, badQuery });
      if (!optimizes) return answer(textElement("n:EnumerationContext", enumerations.keep(caller.user, items)));
      const limit = Math.min(maxElements, behaviour.maxBatchItems);
      const batch = enumerations.batch(caller.user, items, { ...context, maxElements: limit });
      const isEnd = batch.context === undefined;
      return answer(
        isEnd ? emptyElement("n:EnumerationContext") : textElement("n:EnumerationContext", batch.context),
        element("w:Items", {}, ...batch.items),
        ...(isEnd ? [emptyElement("w:EndOfSequence")] : []),
      );
    },
  };
}

function answer(...content: readonly Xml[]) {
  return { action: `${action.enumerate}Response`, body: element("n:EnumerateResponse", {}, ...content) };
}

/** One item unless the request says more. @throws FaultAnswer */
export function countOf(maxElements: XmlElement | undefined): number {
  if (maxElements === undefined) return 1;
  const digits = maxElements.text.trim();
  if (/^\d{1,9}$/.test(digits) && Number(digits) > 0) return Number(digits);
  throw new FaultAnswer(fault.schemaValidation, "MaxElements");
}

function sourceOf(
  { resourceUri }: SoapRequest,
  body: XmlElement,
  badQuery: FaultAnswer["fault"],
): { cimClass: CimClass; query?: Query } {
  const filter = childOf(body, namespace.wsman, "Filter") ?? childOf(body, namespace.enumeration, "Filter");
  const named = classAt(resourceUri);
  if (filter === undefined) {
    if (named === anyClass) throw new FaultAnswer(fault.cannotProcessFilter);
    return { cimClass: requiredClass(named) };
  }
  if (attributeOf(filter, "", "Dialect") !== wqlDialect) throw new FaultAnswer(fault.filterDialect);
  if (named !== anyClass) throw new FaultAnswer(fault.classWithQuery);
  const query = orRefused(() => readQuery(filter.text), badQuery);
  return { cimClass: requiredClass(query.className, wmiError.invalidClass), query };
}

function modeOf(body: XmlElement): Mode {
  const text = (childOf(body, namespace.wsman, "EnumerationMode")?.text ?? "EnumerateObject").trim();
  const mode = modes.find((one) => one === text);
  if (mode === undefined) throw new FaultAnswer(fault.enumerationMode);
  return mode;
}

function itemsOf(
  cimClass: CimClass,
  rows: readonly CimRow[],
  { query, mode, badQuery }: { query: Query | undefined; mode: Mode; badQuery: FaultAnswer["fault"] },
): Xml[] {
  const instances = rows.map((row) => wholeInstance(cimClass, row));
  const known = new Set([...cimClass.keys, ...cimClass.modelled, ...Object.keys(cimClass.alsoShown)]);
  const chosen = query === undefined ? instances : orRefused(() => select(instances, query, known), badQuery);
  return chosen.map((instance) => {
    const object = () => instanceXml(cimClass, instance);
    const address = () => element("a:EndpointReference", {}, ...addressParts(addressOf(cimClass, instance)));
    switch (mode) {
      case "EnumerateObject":
        return object();
      case "EnumerateEPR":
        return address();
      case "EnumerateObjectAndEPR":
        return element("w:Item", {}, joined([object(), address()]));
    }
  });
}

function orRefused<Value>(read: () => Value, badQuery: FaultAnswer["fault"]): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof QueryRefused) throw new FaultAnswer(badQuery, `${error.message}.`);
    throw error;
  }
}
