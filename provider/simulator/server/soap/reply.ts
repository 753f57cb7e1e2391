import { randomUUID } from "node:crypto";
import { element, emptyElement, textElement, type Xml } from "../xml/composeXml";
import type { WsmanBehaviour } from "../../scenario/wsmanBehaviour";
import { type FaultAnswer, type FaultKind, fault, type WmiError } from "./wsmanFaults";
import { action, anonymous, namespace } from "./wsmanNamespaces";

const detailUri = "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/";

/** An envelope as an answer; `relatesTo` is missing when the request could not be read as far as that. */
export function envelope(answerAction: string, relatesTo: string | undefined, ...body: readonly Xml[]): Xml {
  return element(
    "s:Envelope",
    {
      "xml:lang": "en-US",
      "xmlns:s": namespace.soap,
      "xmlns:a": namespace.addressing,
      "xmlns:x": namespace.transfer,
      "xmlns:n": namespace.enumeration,
      "xmlns:w": namespace.wsman,
      "xmlns:p": namespace.microsoft,
    },
    element(
      "s:Header",
      {},
      textElement("a:Action", answerAction),
      textElement("a:MessageID", `uuid:${randomUUID().toUpperCase()}`),
      textElement("a:To", anonymous),
      ...(relatesTo === undefined ? [] : [textElement("a:RelatesTo", relatesTo)]),
    ),
    element("s:Body", {}, ...body),
  );
}

/** A fault as an answer. */
export function faultEnvelope(
  answer: FaultAnswer,
  relatesTo: string | undefined,
  { hostName, wmiErrors }: { readonly hostName: string; readonly wmiErrors: WsmanBehaviour["wmiErrors"] },
): Xml {
  const { fault: kind, message } = answer;
  const subcode = kind.subcode === undefined ? [] : [element("s:Subcode", {}, textElement("s:Value", kind.subcode))];
  const isAddressing = kind.subcode?.startsWith("a:") === true;
  return envelope(
    isAddressing ? action.addressingFault : action.fault,
    relatesTo,
    element(
      "s:Fault",
      {},
      element("s:Code", {}, textElement("s:Value", `s:${kind.code}`), ...subcode),
      element("s:Reason", {}, textElement("s:Text", message, { "xml:lang": "en-US" })),
      element("s:Detail", {}, ...details(kind, message, hostName, wmiErrors)),
    ),
  );
}

function details(
  kind: FaultKind | WmiError,
  message: string,
  hostName: string,
  wmiErrors: WsmanBehaviour["wmiErrors"],
): Xml[] {
  if (kind === fault.tooManyOperations) return [wmiErrorDetail({ ...fault.tooManyOperations, cimStatus: 27 }, message)];
  if ("cimStatus" in kind)
    return [wmiErrors === "wmiError" ? wmiErrorDetail(kind, message) : providerFault(kind, message, hostName)];
  const address = kind.detail === undefined ? [] : [textElement("w:FaultDetail", `${detailUri}${kind.detail}`)];
  return [...address, wsmanFault(kind.number, hostName, textElement("f:Message", message))];
}

function wsmanFault(number: number, machine: string, message: Xml): Xml {
  return element("f:WSManFault", { "xmlns:f": namespace.fault, Code: String(number), Machine: machine }, message);
}

/** As it was before Windows Server 2012: the number of WMI within the provider's own fault. */
function providerFault({ number, reason }: WmiError, message: string, hostName: string): Xml {
  const status = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/__ExtendedStatus";
  const provider = { provider: "WMI Provider", path: "%systemroot%\\system32\\WsmWmiPl.dll" };
  return wsmanFault(
    number,
    hostName,
    element(
      "f:Message",
      {},
      element(
        "f:ProviderFault",
        provider,
        wsmanFault(number, hostName, textElement("f:Message", message)),
        element(
          "f:ExtendedError",
          {},
          element(
            "p:__ExtendedStatus",
            { "xmlns:p": status, "xmlns:xsi": namespace.instance, "xsi:type": "p:__ExtendedStatus_Type" },
            textElement("p:Description", reason),
            emptyElement("p:Operation", { "xsi:nil": "true" }),
            emptyElement("p:ParameterInfo", { "xsi:nil": "true" }),
            textElement("p:ProviderName", "WinMgmt"),
            emptyElement("p:StatusCode", { "xsi:nil": "true" }),
          ),
        ),
      ),
    ),
  );
}

/** As Windows Server 2012 and later answer. Source of the properties: recorded replies in the tests of `pywinrm`. */
function wmiErrorDetail(
  { number, cimStatus, reason }: Pick<WmiError, "number" | "cimStatus" | "reason">,
  message: string,
): Xml {
  const text = (name: string, value: string) => textElement(`p:${name}`, value, { "xsi:type": "cim:cimString" });
  const count = (name: string, value: number, type = "cim:cimUnsignedShort") =>
    textElement(`p:${name}`, String(value), { "xsi:type": type });
  const nothing = (name: string) => emptyElement(`p:${name}`, { "xsi:type": "cim:cimString", "xsi:nil": "true" });
  return element(
    "p:MSFT_WmiError",
    {
      "b:IsCIM_Error": "true",
      "xmlns:xsi": namespace.instance,
      "xmlns:b": namespace.cimBinding,
      "xmlns:p": namespace.wmiError,
      "xmlns:cim": namespace.cim,
      "xsi:type": "p:MSFT_WmiError_Type",
    },
    count("CIMStatusCode", cimStatus, "cim:cimUnsignedInt"),
    nothing("CIMStatusCodeDescription"),
    nothing("ErrorSource"),
    count("ErrorSourceFormat", 0),
    count("ErrorType", 0),
    text("Message", `${message} `),
    text("MessageID", `HRESULT 0x${number.toString(16)}`),
    nothing("OtherErrorSourceFormat"),
    nothing("OtherErrorType"),
    nothing("OwningEntity"),
    count("PerceivedSeverity", 0),
    count("ProbableCause", 0),
    nothing("ProbableCauseDescription"),
    count("error_Category", 0, "cim:cimUnsignedInt"),
    count("error_Code", number, "cim:cimUnsignedInt"),
    text("error_Type", "HRESULT"),
    text("error_WindowsErrorMessage", `${reason} `),
  );
}
