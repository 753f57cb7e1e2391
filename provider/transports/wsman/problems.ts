import { isIP } from "node:net";
import type { AuthKind } from "./connection";
import { isLoopback } from "./http/endpoint";

/** The fields of a connection that this transport looks at, as they are given. */
export interface WsmanFields {
  readonly host?: string | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly tls?: boolean | undefined;
  readonly auth?: AuthKind | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly certificateThumbprint?: string | undefined;
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly keytab?: string | undefined;
}

/** A field that does not fit, and what is expected instead. */
export interface WsmanProblem {
  readonly field: keyof WsmanFields;
  readonly reason: string;
}

/** The first field that does not fit; looks at the fields only, never at a file. */
export function findWsmanProblem(connection: WsmanFields): WsmanProblem | undefined {
  const { host, hosts, tls = true, username, certificateFile, certificateThumbprint } = connection;
  if (hosts !== undefined)
    return { field: "hosts", reason: "is not part of this version: name the node that owns the machine in host" };
  if (host === undefined) return { field: "host", reason: "expected the name or address of the host, got nothing" };
  const digits = certificateThumbprint?.replace(/[: ]/g, "").length ?? sha1Digits;
  if (digits !== sha1Digits && digits !== sha256Digits) {
    const reason = `expected the ${sha1Digits} digits of SHA-1 or the ${sha256Digits} of SHA-256, got ${digits}`;
    return { field: "certificateThumbprint", reason };
  }
  const { auth = username === undefined && certificateFile !== undefined ? "certificate" : "negotiate" } = connection;
  const unused = unusedBy[auth].find((one) => connection[one] !== undefined);
  if (unused !== undefined)
    return { field: unused, reason: `is not used by auth "${auth}": leave it out, or choose another auth` };
  switch (auth) {
    case "certificate":
      if (!tls) return { field: "tls", reason: 'expected true with auth "certificate", got false' };
      if (certificateFile === undefined)
        return {
          field: "certificateFile",
          reason: 'expected the path of a PEM file with auth "certificate", got nothing',
        };
      return undefined;
    case "kerberos":
      return findKerberosProblem(connection, host);
    case "basic":
    case "negotiate":
      return findLogonProblem(connection, auth, tls || isLoopback(host));
    default:
      return auth satisfies never;
  }
}

/** Fields of other ways to log on: who names one expects that it has a part. */
const unusedBy: Readonly<Record<AuthKind, readonly (keyof WsmanFields)[]>> = {
  certificate: ["username", "password", "passwordFile", "keytab"],
  kerberos: ["certificateFile", "keyFile"],
  basic: ["certificateFile", "keyFile", "keytab"],
  negotiate: ["certificateFile", "keyFile", "keytab"],
};

const sha1Digits = 40;
const sha256Digits = 64;

function findKerberosProblem(connection: WsmanFields, host: string): WsmanProblem | undefined {
  const field = (["password", "passwordFile"] as const).find((one) => connection[one] !== undefined);
  if (field !== undefined) {
    const reason = 'is not used by auth "kerberos": get a ticket with kinit, or name a keytab';
    return { field, reason };
  }
  return isIP(host.replace(/^\[(.*)\]$/, "$1")) === 0
    ? undefined
    : { field: "host", reason: 'expected the name of the host with auth "kerberos", got an address' };
}

function findLogonProblem(
  { username, password, passwordFile }: WsmanFields,
  auth: "basic" | "negotiate",
  isPrivate: boolean,
): WsmanProblem | undefined {
  const together = "credentials are taken together, from the first source that names any of them";
  if (username === undefined)
    return { field: "username", reason: `expected an account for auth "${auth}", got none; ${together}` };
  if (password === undefined && passwordFile === undefined)
    return { field: "password", reason: `expected a password for the username, got none; ${together}` };
  if (auth === "negotiate") return undefined;
  if (username.includes(":"))
    return { field: "username", reason: 'expected a name without a colon for auth "basic"; "negotiate" takes any' };
  return isPrivate
    ? undefined
    : {
        field: "tls",
        reason: 'expected true with auth "basic", which sends the password readable; "negotiate" seals it',
      };
}
