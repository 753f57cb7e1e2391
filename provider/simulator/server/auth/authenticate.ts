import type { X509Certificate } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { LogonRefused, type SimulatedHost } from "../../forDoors";
import type { WsmanBehaviour } from "../../scenario/wsmanBehaviour";
import { NtlmAcceptor } from "../ntlm/acceptor";
import { messageType, NtlmMalformed } from "../ntlm/acceptorMessages";
import { FaultAnswer, fault } from "../soap/wsmanFaults";
import type { ConnectionState, Identity } from "./connectionState";

/** What a request may authenticate with. */
export interface AuthenticationOptions {
  readonly host: SimulatedHost;
  readonly behaviour: WsmanBehaviour;
  /** What NTLM over TLS is bound to. */
  readonly channelBinding: Buffer | undefined;
}

/** Who is behind a request, or 401 with these headers. */
export type Authentication =
  | { readonly kind: "accepted"; readonly identity: Identity }
  | { readonly kind: "unauthorized"; readonly challenges: readonly string[] };

/** The header of a client that shows a certificate. Source: `winrm` profiles in DSP0226, annex C. */
const certificateProfile = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";
/** There is no scheme `NTLM`: its raw messages travel under Negotiate. */
export const schemes: readonly string[] = ["Negotiate", 'Basic realm="WSMAN"'];

/** @throws FaultAnswer for a certificate that stands for no account. */
export function authenticate(
  request: IncomingMessage,
  state: ConnectionState,
  options: AuthenticationOptions,
): Authentication {
  const header = request.headers.authorization;
  if (header === undefined) return state.identity === undefined ? unauthorized : accepted(state.identity);
  const [scheme = "", value = ""] = header.split(/\s+/, 2);
  switch (scheme.toLowerCase()) {
    case "basic":
      return basic(value, options);
    case "negotiate":
      return negotiate(value, state, options);
    case certificateProfile:
      return certificate(request, options);
    default:
      return unauthorized;
  }
}

const unauthorized: Authentication = { kind: "unauthorized", challenges: schemes };

function accepted(identity: Identity): Authentication {
  return { kind: "accepted", identity };
}

/** Without TLS a right password is taken too: it is the message beside it that is refused, as it is not encrypted. */
function basic(value: string, { host }: AuthenticationOptions): Authentication {
  const [, name = "", password] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, "base64").toString("utf8")) ?? [];
  try {
    return accepted({ user: host.logOn(localName(host, "", name) ?? name, password) });
  } catch (error) {
    if (error instanceof LogonRefused) return unauthorized;
    throw error;
  }
}

function negotiate(value: string, state: ConnectionState, options: AuthenticationOptions): Authentication {
  const token = Buffer.from(value, "base64");
  const { acceptor } = state;
  state.acceptor = undefined;
  state.identity = undefined;
  try {
    if (messageType(token) === 1) {
      state.acceptor = new NtlmAcceptor(token, acceptorOptions(options));
      return { kind: "unauthorized", challenges: [`Negotiate ${state.acceptor.challenge.toString("base64")}`] };
    }
    const answer = acceptor?.accept(token);
    if (answer === undefined || "refusal" in answer) return unauthorized;
    state.identity = answer;
    return accepted(answer);
  } catch (error) {
    if (error instanceof NtlmMalformed) return unauthorized;
    throw error;
  }
}

function acceptorOptions({ host, behaviour, channelBinding }: AuthenticationOptions) {
  return {
    hostName: host.name,
    now: () => host.now(),
    accountOf: (domain: string, name: string) => {
      const user = localName(host, domain, name);
      return user === undefined ? undefined : host.accountNamed(user);
    },
    channelBinding,
    requiresChannelBinding: behaviour.channelBinding === "strict",
  };
}

function certificate(request: IncomingMessage, { host, behaviour }: AuthenticationOptions): Authentication {
  if (!(request.socket instanceof TLSSocket)) return unauthorized;
  const shown = request.socket.getPeerX509Certificate();
  if (shown === undefined) return unauthorized;
  const user = userOfCertificate(shown, behaviour.certificates);
  const account = user === undefined ? undefined : host.accountNamed(user);
  // Source: MS-WSMV 3.1.4.1.35, "Certificate Mapping".
  if (account === undefined) throw new FaultAnswer(fault.accessDenied, "The certificate stands for no account.");
  return accepted({ user: account.user });
}

/** The account that a client certificate stands for, by its SHA-1 or SHA-256. */
function userOfCertificate(
  { fingerprint, fingerprint256 }: X509Certificate,
  known: WsmanBehaviour["certificates"],
): string | undefined {
  const shown = [fingerprint, fingerprint256].map((one) => one.replaceAll(":", "").toLowerCase());
  return known.find(({ thumbprint }) => shown.includes(thumbprint.toLowerCase()))?.user;
}

/** The name of a local account: `name`, `.\name`, `HOST\name`; `undefined` for one of another computer or domain. */
function localName(host: SimulatedHost, domain: string, name: string): string | undefined {
  const [, prefix = domain, own = name] = /^([^\\]*)\\(.*)$/s.exec(name) ?? [];
  const isLocal = prefix === "" || prefix === "." || prefix.toLowerCase() === host.name.toLowerCase();
  return isLocal ? own : undefined;
}
