import type { ConnectionField } from "../fieldNames";
import type { Connection, Transport } from "../fields";
import type { ConnectionProblem } from "./problem";

/** Fields that not every transport uses. */
const usedBy: Partial<Record<ConnectionField, readonly Transport[]>> = {
  scenario: ["simulator"],
  host: ["wsman", "powershell"],
  port: ["wsman", "powershell"],
  tls: ["wsman", "powershell"],
  insecureSkipVerify: ["wsman", "powershell"],
  certificateThumbprint: ["wsman", "powershell"],
  auth: ["wsman", "powershell"],
  passwordFile: ["wsman", "powershell"],
  keyFile: ["wsman", "powershell"],
  caFile: ["wsman"],
  certificateFile: ["wsman"],
  keytab: ["wsman"],
  executable: ["powershell"],
  protocol: ["powershell"],
  configurationName: ["powershell"],
  subsystem: ["powershell"],
};

const thumbprint = "certificateThumbprint" satisfies ConnectionField;

/**
 * What a connection says twice, or for nothing: true of any part of a connection, so that it can be asked while other
 * fields are not known yet. At most one problem a field.
 */
export function findContradictions(connection: Connection): readonly ConnectionProblem[] {
  const found = new Map<ConnectionField, string>();
  const forbid = (fields: readonly ConnectionField[], reason: string): void => {
    for (const field of fields) if (connection[field] !== undefined && !found.has(field)) found.set(field, reason);
  };
  const { transport, tls, auth, insecureSkipVerify, password } = connection;
  if (transport === "simulator")
    forbid(["host"], 'is not used by transport "simulator": the scenario file names the host');
  if (transport !== undefined) {
    const unused = Object.entries(usedBy).filter(([, users]) => !users.includes(transport));
    forbid(
      unused.map(([field]) => field as ConnectionField),
      `is not used by transport "${transport}": leave it out, or choose another transport`,
    );
  }
  if (password !== undefined) forbid(["passwordFile"], "expected either password or passwordFile, got both");
  if (auth === "certificate") {
    forbid(["username", "password", "passwordFile", "keytab"], unusedByAuth(auth));
    if (tls === false) forbid(["tls"], 'expected true with auth "certificate", got false');
  } else if (auth !== undefined) {
    forbid(["certificateFile"], unusedByAuth(auth));
    // With protocol "ssh" the key is that of SSH, and auth is what is not used.
    if (connection.protocol !== "ssh") forbid(["keyFile"], unusedByAuth(auth));
    if (auth !== "kerberos") forbid(["keytab"], unusedByAuth(auth));
  }
  if (tls === false) {
    // With PowerShell the thumbprint is that of the client's own certificate.
    const aboutTls: ConnectionField[] = transport === "powershell" ? [] : [thumbprint];
    forbid(
      ["caFile", "insecureSkipVerify", ...aboutTls],
      "is about TLS, and tls is false: set tls to true, or leave this out",
    );
  }
  if (insecureSkipVerify === true && transport === "wsman") {
    forbid(["caFile", thumbprint], "says which certificate to trust, and insecureSkipVerify says to trust any");
  }
  return [...found].map(([field, reason]) => ({ field, reason }));
}

function unusedByAuth(auth: string): string {
  return `is not used by auth "${auth}": leave it out, or choose another auth`;
}

/** Half a credential is often the other half of another source. */
const together = "credentials are taken together, from the first source that names any of them";

/** A username without a password, or a password without a username. */
export function findHalfCredential({ username, password, passwordFile }: Connection): ConnectionProblem | undefined {
  const hasPassword = password !== undefined || passwordFile !== undefined;
  if (username !== undefined && !hasPassword)
    return { field: "password", reason: `expected a password for the username, got none; ${together}` };
  if (username === undefined && hasPassword)
    return { field: "username", reason: `expected a username for the password, got none; ${together}` };
  return undefined;
}

/** An account where `auth` needs one. */
export function findMissingAccount({ auth, username }: Connection): ConnectionProblem | undefined {
  return username === undefined
    ? {
        field: "username",
        reason: `expected a username and a password with auth "${auth ?? ""}", got none; ${together}`,
      }
    : undefined;
}

/** A password that anybody on the way could read. */
export function findReadablePassword({ auth, tls }: Connection): ConnectionProblem | undefined {
  return auth === "basic" && tls === false
    ? {
        field: "tls",
        reason:
          'expected true with auth "basic", which sends the password readable, got false; "negotiate" encrypts it',
      }
    : undefined;
}
