/** XML namespaces of the protocol. Source: MS-WSMV, section 2.2.1. */
export const ns = {
  soap: "http://www.w3.org/2003/05/soap-envelope",
  addressing: "http://schemas.xmlsoap.org/ws/2004/08/addressing",
  wsman: "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
  enumeration: "http://schemas.xmlsoap.org/ws/2004/09/enumeration",
  cim: "http://schemas.dmtf.org/wbem/wscim/1/common",
  fault: "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
  schemaInstance: "http://www.w3.org/2001/XMLSchema-instance",
} as const;

/** The address that stands for "over this connection". Source: WS-Addressing (August 2004), section 2.1. */
export const anonymousAddress = `${ns.addressing}/role/anonymous`;

/** WQL as the language of a filter. Source: MS-WSMV, section 2.2.4.16 (wsman:Filter). */
export const wqlDialect = "http://schemas.microsoft.com/wbem/wsman/1/WQL";

/** Resource URI of the namespace that Hyper-V lives in; it has to be http, whatever the connection is. Source: "Resource URIs", learn.microsoft.com. */
const virtualization = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2";

/** The resource URI of a class, which is the namespace of its instances and methods too. */
export function classUri(className: string): string {
  return `${virtualization}/${className}`;
}

/** The resource URI for queries: a class in it is refused together with WQL. Source: "Querying for Specific Instances of a Resource", learn.microsoft.com. */
export const anyClassUri = classUri("*");
