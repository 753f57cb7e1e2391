import { isIP } from "node:net";
import { isLoopback } from "../../core/host/isLoopback";
import type { ResolvedWsmanConnection } from "../defaults";
import type { Connection } from "../fields";
import { findHalfCredential, findMissingAccount, findReadablePassword } from "./common";
import { type ConnectionProblem, forbid } from "./problem";

/** What a connection over WS-Management lacks or cannot use. */
export function findWsmanProblem(connection: ResolvedWsmanConnection): ConnectionProblem | undefined {
  const { auth, certificateFile } = connection;
  if (connection.host === undefined)
    return { field: "host", reason: "expected the name or address of the host, got nothing" };
  const host = connection.host.replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) === 0 && !/^[\w.-]+$/.test(host))
    return { field: "host", reason: `must be a hostname or IP address, got ${JSON.stringify(connection.host)}` };
  switch (auth) {
    case "certificate":
      return certificateFile === undefined
        ? { field: "certificateFile", reason: 'expected the path of a PEM file with auth "certificate", got nothing' }
        : undefined;
    case "kerberos":
      return findKerberosProblem(connection, host);
    case "basic":
      return (
        findHalfCredential(connection) ??
        findMissingAccount(connection) ??
        findColon(connection) ??
        (isLoopback(host) ? undefined : findReadablePassword(connection))
      );
    case "negotiate":
      return findHalfCredential(connection) ?? findMissingAccount(connection);
    default:
      return auth satisfies never;
  }
}

function findKerberosProblem(connection: Connection, host: string): ConnectionProblem | undefined {
  const reason = 'is not used by auth "kerberos": get a ticket with kinit, or name a keytab';
  const password = forbid(connection, ["password", "passwordFile"], reason);
  if (password !== undefined || isIP(host) === 0) return password;
  return { field: "host", reason: 'expected the name of the host with auth "kerberos", got an address' };
}

/** In the header of Basic a colon ends the name. Source: RFC 7617, section 2. */
function findColon({ username }: Connection): ConnectionProblem | undefined {
  return username?.includes(":") === true
    ? { field: "username", reason: 'expected a name without a colon for auth "basic"; "negotiate" takes any' }
    : undefined;
}
