import type { ErrorCode } from "../../core/errors";

/** What a number means for the caller. */
export interface Hresult {
  /** The name that Microsoft's headers have for it. */
  readonly name: string;
  /** `lost`: the connection was lost; `fault`: anything else that the host reports. */
  readonly kind: "accessDenied" | "notFound" | "authentication" | "unreachable" | "lost" | "fault";
  /** Whether the host refused before it did anything: otherwise a change may have been made. */
  readonly isAnswer: boolean;
  readonly remedy: string;
}

const rights =
  "Add the account to the Hyper-V Administrators group (S-1-5-32-578) and, for remote access, to Remote Management Users (S-1-5-32-580), with the rights on root\\virtualization\\v2 (Enable Account, Execute Methods, Remote Enable)";
const credentials =
  "Check the user name, the password, and whether the account is allowed to authenticate over the network";
const network =
  "Check the name of the host, that its WinRM service runs (winrm quickconfig), and that port 5985 or 5986 can be reached from the runner";
const rpc =
  "Check that the Windows Management Instrumentation service runs on the host, and that port 135 and the dynamic RPC ports can be reached from the runner";
const role = "Check that the Hyper-V role is installed on the host and that it is Windows Server 2012 R2 or newer";
const bug = "Report this as a bug of this package";
const later = "Try again later";

const denied = { kind: "accessDenied", isAnswer: true, remedy: rights } as const;
const logon = { kind: "authentication", isAnswer: true, remedy: credentials } as const;
const unreachable = { kind: "unreachable", isAnswer: true, remedy: network } as const;
const lost = { kind: "lost", isAnswer: false, remedy: network } as const;
const ourBug = { kind: "fault", isAnswer: true, remedy: bug } as const;

/**
 * The numbers that hosts and the connection to them return: messages are in the host's language, numbers are not. Sources:
 * "WMI Error Constants" and "System Error Codes", learn.microsoft.com; `wsmerror.h`, `winerror.h` of the Windows SDK.
 */
const known: ReadonlyMap<number, Hresult> = new Map<number, Hresult>([
  [0x5, { name: "ERROR_ACCESS_DENIED", ...denied }],
  [0x8007_0005, { name: "E_ACCESSDENIED", ...denied }],
  [0x8004_1003, { name: "WBEM_E_ACCESS_DENIED", ...denied }],
  [0x8004_1002, { name: "WBEM_E_NOT_FOUND", kind: "notFound", isAnswer: true, remedy: "Check that it exists" }],
  [
    0x8033_8000,
    { name: "ERROR_WSMAN_RESOURCE_NOT_FOUND", kind: "notFound", isAnswer: true, remedy: "Check that it exists" },
  ],
  [0x8004_100e, { name: "WBEM_E_INVALID_NAMESPACE", kind: "fault", isAnswer: true, remedy: role }],
  [0x8004_1010, { name: "WBEM_E_INVALID_CLASS", kind: "fault", isAnswer: true, remedy: role }],
  [0x8004_1013, { name: "WBEM_E_PROVIDER_NOT_FOUND", kind: "fault", isAnswer: true, remedy: role }],
  [0x8004_1008, { name: "WBEM_E_INVALID_PARAMETER", ...ourBug }],
  [0x8004_102f, { name: "WBEM_E_INVALID_METHOD_PARAMETERS", ...ourBug }],
  [0x8004_1017, { name: "WBEM_E_INVALID_QUERY", ...ourBug }],
  [0x8004_1021, { name: "WBEM_E_INVALID_SYNTAX", ...ourBug }],
  [0x8033_801a, { name: "ERROR_WSMAN_ENUMERATE_CANNOT_PROCESS_FILTER", ...ourBug }],
  [
    0x8033_8002,
    {
      name: "ERROR_WSMAN_INVALID_URI",
      kind: "fault",
      isAnswer: true,
      remedy:
        "Check connection.configurationName: the host has no such endpoint, or this account is not allowed to use it",
    },
  ],
  [0x8033_805a, { name: "ERROR_WSMAN_INSUFFCIENT_SELECTORS", ...ourBug }],
  [0x8033_805d, { name: "ERROR_WSMAN_INVALID_SELECTOR_VALUE", ...ourBug }],
  [0x8033_80fa, { name: "ERROR_WSMAN_INVALID_URI_WMI_SINGLETON", ...ourBug }],
  [0x8033_80fb, { name: "ERROR_WSMAN_INVALID_URI_WMI_ENUM_WQL", ...ourBug }],
  // Also raised over a reply that the service cannot word: the method may have run by then.
  [0x8033_8041, { name: "ERROR_WSMAN_SCHEMA_VALIDATION_ERROR", kind: "fault", isAnswer: false, remedy: bug }],
  [
    0x8033_8026,
    {
      name: "ERROR_WSMAN_ENVELOPE_TOO_LARGE",
      kind: "fault",
      isAnswer: false,
      remedy: "Raise the host's quota: winrm set winrm/config @{MaxEnvelopeSizekb=500}",
    },
  ],
  [0x8004_1001, { name: "WBEM_E_FAILED", kind: "fault", isAnswer: false, remedy: "Check the host's event log" }],
  [
    0x8033_8003,
    { name: "ERROR_WSMAN_PROVIDER_FAILURE", kind: "fault", isAnswer: false, remedy: "Check the host's event log" },
  ],
  [0x8004_1006, { name: "WBEM_E_OUT_OF_MEMORY", kind: "fault", isAnswer: false, remedy: later }],
  [0x8004_1032, { name: "WBEM_E_CALL_CANCELLED", kind: "lost", isAnswer: false, remedy: later }],
  [0x8004_1033, { name: "WBEM_E_SHUTTING_DOWN", kind: "lost", isAnswer: false, remedy: later }],
  [0x8033_803f, { name: "ERROR_WSMAN_QUOTA_LIMIT", kind: "fault", isAnswer: true, remedy: later }],
  [0x8033_81a6, { name: "ERROR_WSMAN_QUOTA_MAX_OPERATIONS", kind: "fault", isAnswer: true, remedy: later }],
  [0x8033_81a7, { name: "ERROR_WSMAN_QUOTA_USER", kind: "fault", isAnswer: true, remedy: later }],
  [0x8033_81a8, { name: "ERROR_WSMAN_QUOTA_SYSTEM", kind: "fault", isAnswer: true, remedy: later }],
  [0x8033_81e7, { name: "ERROR_WSMAN_QUOTA_MAX_PLUGINOPERATIONS_PPQ", kind: "fault", isAnswer: true, remedy: later }],
  [0x8033_81e8, { name: "ERROR_WSMAN_QUOTA_MAX_OPERATIONS_USER_PPQ", kind: "fault", isAnswer: true, remedy: later }],
  [0x8033_8029, { name: "ERROR_WSMAN_OPERATION_TIMEDOUT", ...lost }],
  [0x8033_8126, { name: "ERROR_WSMAN_NETWORK_TIMEDOUT", ...lost }],
  [0x8007_06be, { name: "RPC_S_CALL_FAILED", ...lost, remedy: rpc }],
  [0x8007_2ee2, { name: "ERROR_WINHTTP_TIMEOUT", ...lost }],
  [0x8007_2efe, { name: "ERROR_WINHTTP_CONNECTION_ERROR", ...lost }],
  [0x8033_8012, { name: "ERROR_WSMAN_DESTINATION_UNREACHABLE", ...unreachable }],
  // Something before the service may say so too, after the service has had the request.
  [0x8033_8112, { name: "ERROR_WSMAN_HTTP_SERVICE_UNAVAILABLE", ...unreachable, isAnswer: false }],
  [0x8033_8113, { name: "ERROR_WSMAN_URL_NOTAVAILABLE", ...unreachable }],
  [0x8033_81b9, { name: "ERROR_WSMAN_NAME_NOT_RESOLVED", ...unreachable }],
  // A call over COM is several requests: a later one may be the one that failed.
  [0x8007_06ba, { name: "RPC_S_SERVER_UNAVAILABLE", ...unreachable, isAnswer: false, remedy: rpc }],
  [0x8007_06bf, { name: "RPC_S_CALL_FAILED_DNE", ...unreachable, remedy: rpc }],
  [0x8007_2ee7, { name: "ERROR_WINHTTP_NAME_NOT_RESOLVED", ...unreachable }],
  [0x8007_2efd, { name: "ERROR_WINHTTP_CANNOT_CONNECT", ...unreachable }],
  [
    0x8007_2f8f,
    {
      name: "ERROR_WINHTTP_SECURE_FAILURE",
      ...unreachable,
      remedy: "Check the host's certificate: its name, its dates, and whether the runner trusts its issuer",
    },
  ],
  // So named by PowerShell/PowerShell, `WSManNativeApi`.
  [0x8033_810e, { name: "ERROR_WSMAN_INVALID_AUTHENTICATION", ...logon }],
  [0x8033_8036, { name: "ERROR_WSMAN_FAILED_AUTHENTICATION", ...logon }],
  [
    0x8033_80df,
    {
      name: "ERROR_WSMAN_CLIENT_BASIC_AUTHENTICATION_DISABLED",
      ...logon,
      remedy: 'Allow it on the runner: winrm set winrm/config/client/auth @{Basic="true"}',
    },
  ],
  [
    0x8033_80e4,
    {
      name: "ERROR_WSMAN_SERVER_NOT_TRUSTED",
      ...logon,
      remedy:
        "Without a domain a host has to be trusted: use TLS (port 5986), or add its name to WSMan:\\localhost\\Client\\TrustedHosts on the runner",
    },
  ],
  [
    0x8033_809d,
    {
      name: "ERROR_WSMAN_SECURITY_UNMAPPED",
      ...logon,
      remedy: "Kerberos needs the host's name, not its address, and a domain that both are in",
    },
  ],
  [
    0x8033_810b,
    { name: "ERROR_WSMAN_KERBEROS_IPADDRESS", ...logon, remedy: "Kerberos needs the host's name, not its address" },
  ],
  [0x8007_052e, { name: "ERROR_LOGON_FAILURE", ...logon }],
  [0x8007_052f, { name: "ERROR_ACCOUNT_RESTRICTION", ...logon }],
  [0x8007_0532, { name: "ERROR_PASSWORD_EXPIRED", ...logon }],
  [0x8007_0533, { name: "ERROR_ACCOUNT_DISABLED", ...logon }],
  [0x8007_0569, { name: "ERROR_LOGON_TYPE_NOT_GRANTED", ...logon }],
  [0x8007_0775, { name: "ERROR_ACCOUNT_LOCKED_OUT", ...logon }],
  [0x8009_0303, { name: "SEC_E_TARGET_UNKNOWN", ...logon, remedy: "Kerberos needs the host's name, not its address" }],
  [0x8009_030c, { name: "SEC_E_LOGON_DENIED", ...logon }],
  [0x8009_030e, { name: "SEC_E_NO_CREDENTIALS", ...logon }],
  [
    0x8009_0322,
    {
      name: "SEC_E_WRONG_PRINCIPAL",
      ...logon,
      remedy: "Use the name that the host has in the domain",
    },
  ],
  [
    0x8009_0311,
    { name: "SEC_E_NO_AUTHENTICATING_AUTHORITY", ...logon, remedy: "Check that a domain controller can be reached" },
  ],
]);

/** The error of the package that each kind of answer becomes. */
export const errorCodeOf = {
  accessDenied: "ACCESS_DENIED",
  notFound: "NOT_FOUND",
  authentication: "AUTH_FAILED",
  unreachable: "UNREACHABLE",
  lost: "SESSION_LOST",
  fault: "CIM_FAULT",
} as const satisfies Record<Hresult["kind"], ErrorCode>;

/** A number that no table has: nothing is known of what the host did before it. */
const unknown: Omit<Hresult, "name"> = {
  kind: "fault",
  isAnswer: false,
  remedy: "Look up the number, and check the host's event log",
};

/** What an HRESULT, a WS-Management error or a Win32 error says; `code` is an unsigned 32-bit number. */
export function describeHresult(code: number): Hresult {
  return known.get(code) ?? { name: "unknown", ...unknown };
}

/** "0x80041003 (2147749891, WBEM_E_ACCESS_DENIED)": logs have the one form, manuals the other. */
export function hresultText(code: number): string {
  const { name } = describeHresult(code);
  return `0x${code.toString(16).toUpperCase().padStart(8, "0")} (${code}${name === "unknown" ? "" : `, ${name}`})`;
}
