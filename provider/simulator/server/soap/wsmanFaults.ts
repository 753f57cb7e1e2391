/** What a fault says of itself: SOAP code and subcode, number, a sentence, and the address of a detail. */
export interface FaultKind {
  readonly code: "Sender" | "Receiver" | "MustUnderstand" | "VersionMismatch";
  /** With its prefix: `w` WS-Management, `a` WS-Addressing, `n` WS-Enumeration. */
  readonly subcode?: string;
  /** Unsigned. */
  readonly number: number;
  readonly reason: string;
  /** The last part of `http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/…`. */
  readonly detail?: string;
}

function sender(subcode: string, number: number, reason: string, detail?: string): FaultKind {
  return { code: "Sender", subcode, number, reason, ...(detail !== undefined && { detail }) };
}

function receiver(subcode: string, number: number, reason: string): FaultKind {
  return { code: "Receiver", subcode, number, reason };
}

/**
 * The faults of the service itself. Sources: the table of faults in DSP0226 for codes and subcodes, `wsmerror.h` for
 * numbers, MS-WSMV 3.1.4.1 for which is answered when.
 */
export const fault = {
  accessDenied: sender("w:AccessDenied", 5, "Access is denied."),
  resourceNotFound: sender(
    "a:DestinationUnreachable",
    0x8033_8000,
    "The service cannot find the resource that the resource URI and the selectors name.",
    "ResourceNotFound",
  ),
  actionNotSupported: sender("a:ActionNotSupported", 0x8033_8013, "The service does not support this action."),
  resourceUri: sender(
    "a:DestinationUnreachable",
    0x8033_803b,
    "The resource URI is missing or has an incorrect format.",
    "InvalidResourceURI",
  ),
  messageHeader: sender("a:InvalidMessageInformationHeader", 0x8033_800f, "A SOAP header is not valid."),
  headerMissing: sender("a:MessageInformationHeaderRequired", 0x8033_8011, "A SOAP header is missing."),
  mustUnderstand: {
    code: "MustUnderstand",
    number: 0x8033_8010,
    reason: "A SOAP header that is marked as mustUnderstand is not known.",
  },
  soapVersion: { code: "VersionMismatch", number: 0x8033_800d, reason: "The SOAP version is not supported." },
  encoding: sender("w:EncodingLimit", 0x8033_802c, "The encoding is not supported.", "CharacterSet"),
  invalidXml: sender("w:SchemaValidationError", 0x8033_8043, "The XML is not valid."),
  schemaValidation: sender(
    "w:SchemaValidationError",
    0x8033_8041,
    "The XML in the message does not match its XML schema definition.",
  ),
  addressingMode: sender(
    "w:UnsupportedFeature",
    0x8033_8076,
    "Replies go back on the same connection only.",
    "AddressingMode",
  ),
  locale: sender(
    "w:UnsupportedFeature",
    0x8033_8087,
    "Not all data can be had in the language that was asked for.",
    "Locale",
  ),
  enumerationMode: sender("w:UnsupportedFeature", 0x8033_8086, "There is no such enumeration mode.", "EnumerationMode"),
  fragmentTransfer: sender("w:UnsupportedFeature", 0x8033_8077, "Fragments are not supported.", "FragmentLevelAccess"),
  timeoutHeader: sender("w:InvalidParameter", 0x8033_8081, "The operation timeout is not valid."),
  envelopeTooSmall: sender(
    "w:EncodingLimit",
    0x8033_807e,
    "The envelope size in the request is too small.",
    "MinimumEnvelopeLimit",
  ),
  envelopeExceeded: sender(
    "w:EncodingLimit",
    0x8033_8048,
    "The response exceeds the maximum envelope size in the request.",
    "MaxEnvelopeSizeExceeded",
  ),
  selectorsMissing: sender(
    "w:InvalidSelectors",
    0x8033_805a,
    "The request does not have all required selectors.",
    "InsufficientSelectors",
  ),
  selectorUnexpected: sender(
    "w:InvalidSelectors",
    0x8033_805b,
    "The request has selectors that the resource does not have.",
    "UnexpectedSelectors",
  ),
  selectorValue: sender("w:InvalidSelectors", 0x8033_805d, "The value of a selector is not valid.", "InvalidValue"),
  selectorsDuplicate: sender(
    "w:InvalidSelectors",
    0x8033_805f,
    "The request has a selector twice.",
    "DuplicateSelectors",
  ),
  keysNeeded: sender(
    "w:InvalidSelectors",
    0x8033_80fa,
    "The resource URI has no keys, and the class is not a singleton.",
    "InsufficientSelectors",
  ),
  classWithQuery: sender(
    "n:CannotProcessFilter",
    0x8033_80fb,
    "The resource URI of a query must end in an asterisk instead of a class.",
  ),
  filterDialect: sender("n:FilterDialectRequestedUnavailable", 0x8033_8019, "The filter dialect is not supported."),
  cannotProcessFilter: sender("n:CannotProcessFilter", 0x8033_801a, "The filter is missing or not valid."),
  enumerationContext: receiver(
    "n:InvalidEnumerationContext",
    0x8033_801b,
    "The enumeration context is not valid; the enumeration may be over.",
  ),
  timedOut: receiver("w:TimedOut", 0x8033_8029, "The operation was not completed within the time in OperationTimeout."),
  tooManyOperations: receiver(
    "w:InternalError",
    0x8033_81a6,
    "This user has as many operations at once as are allowed.",
  ),
  internal: receiver("w:InternalError", 0x8033_8003, "An error was encountered inside the plugin."),
} as const satisfies Record<string, FaultKind>;

/** An error of WMI, as the provider gives it. */
export interface WmiError {
  /** HRESULT, unsigned. */
  readonly number: number;
  /** `CIMStatusCode`, DSP0200. */
  readonly cimStatus: number;
  readonly code: FaultKind["code"];
  readonly subcode: string;
  readonly reason: string;
}

/** Errors of WMI. Source of the numbers: "WMI Error Constants", learn.microsoft.com. */
export const wmiError = {
  notFound: wmi(0x8004_1002, 6, "a:DestinationUnreachable", "Not found"),
  accessDenied: wmi(0x8004_1003, 2, "w:AccessDenied", "Access denied"),
  invalidParameter: wmi(0x8004_1008, 4, "w:InternalError", "Invalid parameter"),
  invalidNamespace: wmi(0x8004_100e, 3, "a:DestinationUnreachable", "Invalid namespace"),
  invalidClass: wmi(0x8004_1010, 5, "a:DestinationUnreachable", "Invalid class"),
  invalidQuery: wmi(0x8004_1017, 15, "n:CannotProcessFilter", "Invalid query"),
  invalidMethodParameters: wmi(0x8004_102f, 4, "w:InternalError", "Invalid method Parameter(s)"),
} as const satisfies Record<string, WmiError>;

function wmi(number: number, cimStatus: number, subcode: string, reason: string): WmiError {
  const code = subcode === "w:InternalError" ? "Receiver" : "Sender";
  return { number, cimStatus, code, subcode, reason };
}

/** What is answered instead of what was asked for. */
export class FaultAnswer extends Error {
  constructor(
    readonly fault: FaultKind | WmiError,
    /** One more sentence, for the reader of the reply. */
    readonly more?: string,
  ) {
    super(more === undefined ? fault.reason : `${fault.reason} ${more}`);
    this.name = "FaultAnswer";
  }
}
