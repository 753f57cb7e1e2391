/** Namespaces with the prefixes that Windows gives them. Source: MS-WSMV 2.2.1. */
export const namespace = {
  soap: "http://www.w3.org/2003/05/soap-envelope",
  addressing: "http://schemas.xmlsoap.org/ws/2004/08/addressing",
  enumeration: "http://schemas.xmlsoap.org/ws/2004/09/enumeration",
  transfer: "http://schemas.xmlsoap.org/ws/2004/09/transfer",
  wsman: "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
  microsoft: "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd",
  identity: "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd",
  fault: "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
  cim: "http://schemas.dmtf.org/wbem/wscim/1/common",
  cimBinding: "http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd",
  wmiError: "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError",
  instance: "http://www.w3.org/2001/XMLSchema-instance",
  xml: "http://www.w3.org/XML/1998/namespace",
} as const;

/** Prefix of each class of the namespace that Hyper-V has. Source: MS-WSMV 3.1.4.1.1. */
export const classPrefix = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/";

/** The one address that replies go to: back on the connection they came in. */
export const anonymous = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";

/** Actions, the same in requests; their answers end in `Response`. */
export const action = {
  get: `${namespace.transfer}/Get`,
  enumerate: `${namespace.enumeration}/Enumerate`,
  pull: `${namespace.enumeration}/Pull`,
  release: `${namespace.enumeration}/Release`,
  fault: "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault",
  addressingFault: `${namespace.addressing}/fault`,
} as const;

/** Filter dialect of WQL. Source: MS-WSMV 3.1.4.1.13. */
export const wqlDialect = "http://schemas.microsoft.com/wbem/wsman/1/WQL";
