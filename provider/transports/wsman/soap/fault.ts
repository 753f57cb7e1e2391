import { describeHresult } from "../../cim/hresult";
import { toPrintable } from "../../../core/text/printable";
import { childOf, trimmedText, type XmlElement } from "../xml/xmlElement";
import { ns } from "./namespaces";

/** What a host says instead of an answer. */
export class HostFault extends Error {
  /** The most telling of its numbers, unsigned; `undefined` when it gives none that we know. */
  readonly code: number | undefined;
  /** Whether every one of its numbers says that the host has done nothing. */
  readonly isAnswer: boolean;

  constructor(code: number | undefined, message: string, isAnswer = isNo(code)) {
    super(message);
    this.name = "HostFault";
    this.code = code;
    this.isAnswer = isAnswer;
  }
}

function isNo(code: number | undefined): boolean {
  return code !== undefined && describeHresult(code).isAnswer;
}

/** Numbers that a host's faults are looked at for. Source: `wsmerror.h` of the Windows SDK. */
export const faultCode = {
  resourceNotFound: 0x8033_8000,
  providerFailure: 0x8033_8003,
  cannotProcessFilter: 0x8033_801a,
  envelopeTooLarge: 0x8033_8026,
  timedOut: 0x8033_8029,
  quotaLimit: 0x8033_803f,
  schemaValidation: 0x8033_8041,
  invalidSelectors: 0x8033_805d,
  accessDenied: 0x5,
} as const;

/** What the subcodes say where no number stands beside them. Source: DSP0226, "Master fault table"; MS-WSMV, section 2.2.4.43. */
const bySubcode: ReadonlyMap<string, number> = new Map([
  ["AccessDenied", faultCode.accessDenied],
  ["DestinationUnreachable", faultCode.resourceNotFound],
  ["CannotProcessFilter", faultCode.cannotProcessFilter],
  ["EncodingLimit", faultCode.envelopeTooLarge],
  ["TimedOut", faultCode.timedOut],
  ["QuotaLimit", faultCode.quotaLimit],
  ["SchemaValidationError", faultCode.schemaValidation],
  ["InvalidSelectors", faultCode.invalidSelectors],
]);

const longestText = 500;

/** Reads `s:Fault`: a `f:WSManFault`, nested where a provider failed, or a `MSFT_WmiError`. Texts are in the host's language. */
export function readFault(fault: XmlElement): HostFault {
  const detail = childOf(fault, ns.soap, "Detail");
  const codes = detail === undefined ? [] : codesIn(detail);
  const code = mostTelling(codes) ?? bySubcode.get(subcodeOf(fault));
  const text = textOf(detail) ?? textOf(childOf(fault, ns.soap, "Reason")) ?? "the host gives no reason";
  // That a provider failed is only the frame around what it says itself.
  const telling = codes.filter((one) => one !== faultCode.providerFailure);
  return new HostFault(code, text, telling.length === 0 ? isNo(code) : telling.every(isNo));
}

/** In the order of the document: the deeper one says more than the one around it. */
function codesIn({ children, name, attributes, text }: XmlElement): number[] {
  const written =
    name === "WSManFault"
      ? attributes.find((one) => one.name === "Code")?.value
      : /^(error_Code|StatusCode)$/.test(name)
        ? text
        : undefined;
  const code = unsigned(written);
  return [...(code === undefined || code === 0 ? [] : [code]), ...children.flatMap(codesIn)];
}

function unsigned(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? "";
  if (!/^(-?\d{1,10}|0x[0-9a-f]{1,8})$/i.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return value >= -0x8000_0000 && value <= 0xffff_ffff ? value >>> 0 : undefined;
}

/** The last one with a name, as it is the innermost; that a provider failed only says that there is more to say. */
function mostTelling(codes: readonly number[]): number | undefined {
  const isNamed = (code: number): boolean =>
    code !== faultCode.providerFailure && describeHresult(code).name !== "unknown";
  return codes.findLast(isNamed) ?? codes.at(-1);
}

function subcodeOf(fault: XmlElement): string {
  const subcode = childOf(childOf(fault, ns.soap, "Code"), ns.soap, "Subcode");
  const value = childOf(subcode, ns.soap, "Value");
  return value === undefined ? "" : trimmedText(value).replace(/^.*:/, "");
}

/** The innermost text that is meant for people. */
function textOf(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  for (const child of element.children) {
    const inner = textOf(child);
    if (inner !== undefined) return inner;
  }
  if (!/^(Message|Text|Description|error_WindowsErrorMessage)$/.test(element.name)) return undefined;
  const text = toPrintable(element.text).replace(/\s+/g, " ").trim();
  return text === "" ? undefined : text.slice(0, longestText).toWellFormed();
}
