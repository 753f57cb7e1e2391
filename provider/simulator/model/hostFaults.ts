/** The faults that the simulated host knows. Source: "WMI Error Constants", learn.microsoft.com. */
export const cimFaultCode = {
  /** `WBEM_E_NOT_FOUND`: the object that was addressed is not there. */
  notFound: 0x8004_1002,
  /** `WBEM_E_ACCESS_DENIED`: the provider does not allow it to this account. */
  accessDenied: 0x8004_1003,
} as const;

/** What a host answers instead of a return value: every door words it in its own protocol. */
export class CimFault extends Error {
  /** The HRESULT as an unsigned number. */
  readonly code: number;
  constructor(kind: keyof typeof cimFaultCode, message: string) {
    super(message);
    this.name = "CimFault";
    this.code = cimFaultCode[kind];
  }
}

/** The host does not answer at all: the call never arrived. */
export class HostUnreachable extends Error {
  constructor(hostName: string) {
    super(`${hostName} does not answer`);
    this.name = "HostUnreachable";
  }
}

/** The connection broke while the caller waited for the reply. The caller cannot see whether the call was carried out. */
export class ReplyLost extends Error {
  constructor(operation: string) {
    super(`the connection was lost during ${operation}`);
    this.name = "ReplyLost";
  }
}

/** The host does not know this user with this password. */
export class LogonRefused extends Error {
  readonly user: string;
  constructor(user: string) {
    super(`the host does not accept the user name or the password of "${user}"`);
    this.name = "LogonRefused";
    this.user = user;
  }
}
