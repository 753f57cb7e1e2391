import { element, emptyElement, textElement, type Xml } from "../xml/composeXml";

/** An `Msvm_Error` as the text that an embedded instance travels as: CIM-XML (DSP0201). */
export function healthIssueText(message: string): string {
  return instance("Msvm_Error", [
    property("ErrorType", "uint16", "4"),
    property("Message", "string", message),
    property("MessageID", "string", "33088"),
    property("PerceivedSeverity", "uint16", "4"),
    emptyElement("PROPERTY", { NAME: "ProbableCauseDescription", TYPE: "string" }),
  ]);
}

/** An `Msvm_ReplicationStatistics`: the model counts nothing, so all of it is nought. Its sizes are 64-bit numbers. */
export function statisticsText(): string {
  return instance("Msvm_ReplicationStatistics", [
    property("PendingReplicationSize", "uint64", "0"),
    property("ReplicationFailureCount", "uint32", "0"),
    property("ReplicationMissCount", "uint32", "0"),
    property("ReplicationSuccessCount", "uint32", "0"),
  ]);
}

function instance(className: string, properties: readonly Xml[]): string {
  return element("INSTANCE", { CLASSNAME: className }, ...properties);
}

function property(name: string, type: string, value: string): Xml {
  return element("PROPERTY", { NAME: name, TYPE: type }, textElement("VALUE", value));
}
