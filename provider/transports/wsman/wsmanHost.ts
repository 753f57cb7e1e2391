import { randomBytes } from "node:crypto";
import { ReplicaResyncError } from "../../core/errors";
import type { Clock, ReplicationHost } from "../../core/host/ports";
import { CimHost } from "../cim/cimHost";
import {
  type Authenticator,
  basicAuthorization,
  certificateAuthorization,
  HeaderAuthenticator,
} from "./auth/authenticator";
import { ContextAuthenticator } from "./auth/contextAuthenticator";
import { createKerberosContext, loadKerberos } from "./auth/kerberosContext";
import { type Credentials, settingsOf, type WsmanConnection } from "./connection";
import { ConnectionPool } from "./http/connectionPool";
import { Conversation } from "./http/conversation";
import { type Endpoint, urlOf } from "./http/endpoint";
import { HostConnection } from "./http/hostConnection";
import { channelBindingOf } from "./ntlm/channelBinding";
import { createNtlmContext } from "./ntlm/ntlmContext";
import { systemClock } from "../systemClock";
import type { SecurityContext } from "./securityContext";
import { SoapSession } from "./soap/soapSession";
import { WsmanClient } from "./wsmanClient";

/** What a session takes from the process it runs in. */
export interface Surroundings {
  /** Read for the proxy; the keytab is put into it, as the Kerberos library looks there. */
  readonly environment: Record<string, string | undefined>;
  readonly clock: Clock;
  readonly loadPackage: (name: string) => Promise<unknown>;
}

const ofThisProcess: Surroundings = {
  environment: process.env,
  clock: systemClock,
  loadPackage: (name) => import(name),
};

/** What a reply may take beyond the time that the host has for the operation: the authentication, and the network. */
const overheadMs = 15_000;

/**
 * Opens a session with a Windows host. Nothing is sent before the first call.
 * @throws {@link ReplicaResyncError} when a file that the connection names, or the proxy, cannot be used.
 */
export function openWsmanHost(
  connection: WsmanConnection,
  surroundings: Partial<Surroundings> = {},
): { host: ReplicationHost; clock: Clock } {
  const { environment, clock, loadPackage } = { ...ofThisProcess, ...surroundings };
  const { endpoint, credentials, operationTimeoutMs } = settingsOf(connection, environment);
  const pool = new ConnectionPool(
    (signal) => HostConnection.open(endpoint, signal),
    () => performance.now(),
  );
  const authenticator = authenticatorFor(credentials, endpoint, { environment, clock, loadPackage });
  const conversation = new Conversation(pool, authenticator, operationTimeoutMs + overheadMs);
  const session = new SoapSession(conversation, urlOf(endpoint), operationTimeoutMs);
  return { host: new CimHost(new WsmanClient(connection.host, session, clock)), clock };
}

function authenticatorFor(credentials: Credentials, endpoint: Endpoint, surroundings: Surroundings): Authenticator {
  switch (credentials.kind) {
    case "basic":
      return new HeaderAuthenticator(basicAuthorization(credentials.username, credentials.password));
    case "certificate":
      return new HeaderAuthenticator(certificateAuthorization);
    case "negotiate":
      return negotiating(credentials.username, credentials.password, endpoint, surroundings.clock);
    case "kerberos":
      return withTickets(credentials, endpoint, surroundings);
    default:
      return credentials satisfies never;
  }
}

function negotiating(username: string, password: string, { host, tls }: Endpoint, clock: Clock): Authenticator {
  const makeContext = async ({ hostCertificate }: HostConnection): Promise<SecurityContext> =>
    createNtlmContext({
      username,
      password,
      channelBinding: hostCertificate === undefined ? undefined : channelBindingOf(hostCertificate),
      targetName: `HTTP/${host}`,
      random: randomBytes,
      now: () => clock.now(),
    });
  return new ContextAuthenticator(makeContext, tls === undefined);
}

/** Where the Kerberos library looks for the keytab of a client. Source: MIT Kerberos documentation, "Environment variables". */
const keytabVariable = "KRB5_CLIENT_KTNAME";

function withTickets(
  { principal, keytab }: Extract<Credentials, { kind: "kerberos" }>,
  { host, tls }: Endpoint,
  { environment, loadPackage }: Surroundings,
): Authenticator {
  if (keytab !== undefined) {
    const other = environment[keytabVariable];
    if (other !== undefined && other !== keytab) {
      throw new ReplicaResyncError(
        "REFUSED",
        `a process can use only one keytab, and ${keytabVariable} names another`,
        {
          remedy: "Put the keys of all accounts into one file (ktutil), and select one with username",
        },
      );
    }
    environment[keytabVariable] = keytab;
  }
  const makeContext = async (): Promise<SecurityContext> =>
    createKerberosContext(await loadKerberos(loadPackage), { host, ...(principal !== undefined && { principal }) });
  return new ContextAuthenticator(makeContext, tls === undefined);
}
