import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import { ReplicaResyncError } from "../../core/errors";
import { type Endpoint, isLoopback, type TlsSettings } from "./http/endpoint";
import { type Environment, proxyFor } from "./http/proxySettings";

/** How a host is reached over WS-Management, and who calls. */
export interface WsmanConnection {
  /** Name or address; IPv6 with or without brackets. */
  readonly host: string;
  /** @defaultValue 5986 with TLS, 5985 without */
  readonly port?: number | undefined;
  /** @defaultValue true */
  readonly tls?: boolean | undefined;
  /** PEM file of the authorities that the host's certificate may come from. */
  readonly caFile?: string | undefined;
  /** SHA-1 or SHA-256 of the host's certificate in hexadecimal digits: it is then trusted for itself. */
  readonly certificateThumbprint?: string | undefined;
  /** Takes any certificate. The caller warns. */
  readonly insecureSkipVerify?: boolean | undefined;
  /** @defaultValue "certificate" with a `certificateFile` and no `username`, "negotiate" otherwise */
  readonly auth?: AuthKind | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** PEM files of the certificate that the caller logs on with. */
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Keytab of the caller, for Kerberos; without one the tickets of `kinit` are used. */
  readonly keytab?: string | undefined;
  /** How long the host may work on one request. @defaultValue 60 */
  readonly operationTimeoutSeconds?: number | undefined;
}

export type AuthKind = "basic" | "certificate" | "negotiate" | "kerberos";

/** Who calls, complete. */
export type Credentials =
  | { readonly kind: "basic" | "negotiate"; readonly username: string; readonly password: string }
  | { readonly kind: "certificate" }
  | { readonly kind: "kerberos"; readonly principal?: string; readonly keytab?: string };

/** A connection that is complete and does not contradict itself. */
export interface Settings {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly operationTimeoutMs: number;
}

/** Ports of the service. Source: MS-WSMV, sections 2.2.4.5 and 2.2.4.35. */
const ports = { tls: 5986, plain: 5985 };

/** `MaxTimeoutms` of a host as installed: it takes no longer, whatever it is asked for. Source: MS-WSMV, section 2.2.4.10. */
const longestOperationSeconds = 60;

/** @throws {@link ReplicaResyncError} for what cannot be used, before anything is sent. */
export function settingsOf(connection: WsmanConnection, environment: Environment): Settings {
  const { tls: usesTls = true, operationTimeoutSeconds = longestOperationSeconds } = connection;
  const host = connection.host.replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) === 0 && !/^[\w.-]+$/.test(host))
    throw refused(`host is no name and no address: ${JSON.stringify(host)}`);
  const port = connection.port ?? (usesTls ? ports.tls : ports.plain);
  const credentials = credentialsOf(connection, host, usesTls);
  const proxy = proxyFor(host, port, usesTls, environment);
  return {
    endpoint: {
      host,
      port,
      ...(usesTls && { tls: tlsOf(connection, credentials) }),
      ...(proxy !== undefined && { proxy }),
    },
    credentials,
    operationTimeoutMs: operationTimeoutSeconds * 1_000,
  };
}

function credentialsOf(connection: WsmanConnection, host: string, usesTls: boolean): Credentials {
  const { username, password, certificateFile, keytab } = connection;
  const { auth = username === undefined && certificateFile !== undefined ? "certificate" : "negotiate" } = connection;
  switch (auth) {
    case "certificate":
      if (!usesTls) throw refused('auth "certificate" needs TLS', "Leave out tls, or log on in another way");
      return { kind: auth };
    case "kerberos":
      if (isIP(host) !== 0)
        throw refused("Kerberos needs the name of the host, not its address", "Name the host as the domain does");
      if (password !== undefined) {
        throw refused(
          "Kerberos takes no password here",
          "Get a ticket with kinit or name a keytab, and leave out password",
        );
      }
      return {
        kind: auth,
        ...(username !== undefined && { principal: username }),
        ...(keytab !== undefined && { keytab }),
      };
    case "basic":
    case "negotiate": {
      const remedy = 'Name both, or choose auth "kerberos" or "certificate"';
      if (username === undefined || password === undefined)
        throw refused(`auth "${auth}" needs username and password`, remedy);
      if (auth === "basic") checkBasic(username, host, usesTls);
      return { kind: auth, username, password };
    }
    default:
      return auth satisfies never;
  }
}

function checkBasic(username: string, host: string, usesTls: boolean): void {
  if (username.includes(":"))
    throw refused('a user name for auth "basic" has no colon in it', 'Choose auth "negotiate"');
  if (!usesTls && !isLoopback(host)) {
    throw refused(
      'auth "basic" without TLS would send the password in the clear',
      'Leave out tls, or choose auth "negotiate", which seals what it sends',
    );
  }
}

/** Digits of SHA-1 and SHA-256. */
const thumbprintLengths: readonly number[] = [40, 64];

function tlsOf(connection: WsmanConnection, { kind }: Credentials): TlsSettings {
  const { caFile, certificateThumbprint, insecureSkipVerify = false, certificateFile, keyFile } = connection;
  const thumbprint = certificateThumbprint?.replace(/[: ]/g, "").toLowerCase();
  if (thumbprint !== undefined && !(/^[0-9a-f]+$/.test(thumbprint) && thumbprintLengths.includes(thumbprint.length))) {
    throw refused("certificateThumbprint has neither the 40 digits of SHA-1 nor the 64 of SHA-256");
  }
  const settings = {
    skipsVerification: insecureSkipVerify,
    ...(caFile !== undefined && { ca: readPem("caFile", caFile) }),
    ...(thumbprint !== undefined && { thumbprint }),
    ...(kind === "certificate" && { client: clientCertificate(certificateFile, keyFile) }),
  };
  check(settings);
  return settings;
}

function clientCertificate(certificateFile: string | undefined, keyFile: string | undefined) {
  if (certificateFile === undefined) throw refused('auth "certificate" needs certificateFile');
  const certificate = readPem("certificateFile", certificateFile);
  // One file may hold both.
  return { certificate, key: keyFile === undefined ? certificate : readPem("keyFile", keyFile) };
}

/** What OpenSSL says about files that it cannot use is better said before a connection is made. */
function check({ ca, client }: TlsSettings): void {
  try {
    // OpenSSL passes over authorities that it cannot read.
    if (ca !== undefined) new X509Certificate(ca);
    createSecureContext({
      ...(ca !== undefined && { ca }),
      ...(client !== undefined && { cert: client.certificate, key: client.key }),
    });
  } catch (error) {
    throw refused(
      "caFile, certificateFile or keyFile does not hold what it has to",
      "They are PEM files; the key has no passphrase",
      error,
    );
  }
}

function readPem(field: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw refused(`${field} cannot be read: ${file}`, undefined, error);
  }
  if (!text.includes("-----BEGIN ")) throw refused(`${field} is no PEM file: ${file}`);
  return text;
}

function refused(what: string, remedy?: string, cause?: unknown): ReplicaResyncError {
  return new ReplicaResyncError("REFUSED", what, {
    ...(remedy !== undefined && { remedy }),
    ...(cause !== undefined && { cause }),
  });
}
