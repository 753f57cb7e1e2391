import type { Endpoint } from "./http/endpoint";
import { type Environment, proxyFor } from "./http/proxySettings";
import { readTlsSettings, type TlsFiles } from "./tlsFiles";

/** How a host is reached over WS-Management, and who calls. The fields have been checked against each other. */
export interface WsmanConnection extends TlsFiles {
  /** Hostname or address; IPv6 with or without brackets. */
  readonly host: string;
  /** @defaultValue 5986 with TLS, 5985 without */
  readonly port?: number | undefined;
  readonly tls: boolean;
  readonly auth: AuthKind;
  /** There with "basic" and "negotiate", and the password too. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Keytab of the account, for Kerberos; without one the tickets of `kinit` are used. */
  readonly keytab?: string | undefined;
  /** How long the host may work on one request. @defaultValue 60 */
  readonly operationTimeoutSeconds?: number | undefined;
}

export type AuthKind = Credentials["kind"];

/** Who calls, complete. */
export type Credentials =
  | { readonly kind: "basic" | "negotiate"; readonly username: string; readonly password: string }
  | { readonly kind: "certificate" }
  | { readonly kind: "kerberos"; readonly principal?: string; readonly keytab?: string };

/** A connection with its files read and its defaults applied. */
export interface Settings {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly operationTimeoutMs: number;
}

/** Ports of the service. Source: MS-WSMV, sections 2.2.4.5 and 2.2.4.35. */
const ports = { tls: 5986, plain: 5985 };

/** `MaxTimeoutms` of a host as installed: it takes no longer, whatever it is asked for. Source: MS-WSMV, section 2.2.4.10. */
const longestOperationSeconds = 60;

/** @throws ReplicaResyncError for a file or a proxy that cannot be used, before anything is sent. */
export function settingsOf(connection: WsmanConnection, environment: Environment): Settings {
  const { tls: usesTls, auth, operationTimeoutSeconds = longestOperationSeconds } = connection;
  const host = connection.host.replace(/^\[(.*)\]$/, "$1");
  const port = connection.port ?? (usesTls ? ports.tls : ports.plain);
  const proxy = proxyFor(host, port, usesTls, environment);
  return {
    endpoint: {
      host,
      port,
      ...(usesTls && { tls: readTlsSettings(connection, auth === "certificate") }),
      ...(proxy !== undefined && { proxy }),
    },
    credentials: credentialsOf(connection),
    operationTimeoutMs: operationTimeoutSeconds * 1_000,
  };
}

function credentialsOf({ auth, username, password = "", keytab }: WsmanConnection): Credentials {
  switch (auth) {
    case "certificate":
      return { kind: auth };
    case "kerberos":
      return {
        kind: auth,
        ...(username !== undefined && { principal: username }),
        ...(keytab !== undefined && { keytab }),
      };
    case "basic":
    case "negotiate":
      return { kind: auth, username: username ?? "", password };
    default:
      return auth satisfies never;
  }
}
