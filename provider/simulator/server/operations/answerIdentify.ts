import { namespace } from "../soap/wsmanNamespaces";
import { element, textElement, type Xml } from "../xml/composeXml";

/** Windows Server 2022. Before an authentication no version is shown. Source of the form: MS-WSMV, notes 71 and 72. */
const systemVersion = { known: "OS: 10.0.20348 SP: 0.0 Stack: 3.0", unknown: "OS: 0.0.0 SP: 0.0 Stack: 3.0" } as const;

const profilePrefix = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/";
const profiles = ["http/basic", "https/basic", "http/spnego-kerberos", "https/spnego-kerberos", "https/mutual"];

/** The whole reply to an Identify, which has no headers; what may be used to authenticate is for authenticated clients. */
export function identifyEnvelope(isLoggedOn: boolean): Xml {
  const names = profiles.map((one) => textElement("wsmid:SecurityProfileName", `${profilePrefix}${one}`));
  return element(
    "s:Envelope",
    { "xml:lang": "en-US", "xmlns:s": namespace.soap },
    element("s:Header"),
    element(
      "s:Body",
      {},
      element(
        "wsmid:IdentifyResponse",
        { "xmlns:wsmid": namespace.identity },
        textElement("wsmid:ProtocolVersion", namespace.wsman),
        textElement("wsmid:ProductVendor", "Microsoft Corporation"),
        textElement("wsmid:ProductVersion", systemVersion[isLoggedOn ? "known" : "unknown"]),
        ...(isLoggedOn ? [element("wsmid:SecurityProfiles", {}, ...names)] : []),
      ),
    ),
  );
}
