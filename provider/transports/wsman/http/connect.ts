import { timingSafeEqual, type X509Certificate } from "node:crypto";
import { request } from "node:http";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { authorityOf, type Endpoint, type ProxyServer, type TlsSettings } from "./endpoint";
import { codeOf, HttpFailure, isTimeout } from "./httpFailure";

/** A connection, with the certificate of the host where it is secured: DER. */
export interface Connected {
  readonly socket: Socket;
  readonly certificate?: Buffer;
}

/**
 * Makes a connection to a host: TCP or a tunnel, then TLS, with the certificate checked before anything is sent.
 * @throws {@link HttpFailure} `unreachable` or `untrusted`.
 */
export async function connect(endpoint: Endpoint, signal: AbortSignal): Promise<Connected> {
  const { host, port, tls, proxy } = endpoint;
  const socket = proxy === undefined ? await toHost(host, port, signal) : await tunnel(proxy, endpoint, signal);
  return tls === undefined ? { socket } : secure(socket, host, tls, signal);
}

async function toHost(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({ host, port });
  await opened(socket, "connect", signal, (error) =>
    unreachable(`${authorityOf({ host, port })} does not answer`, error),
  );
  return socket;
}

/** Resolves when the socket is ready; destroys it otherwise. */
async function opened(
  socket: Socket,
  event: "connect" | "secureConnect",
  signal: AbortSignal,
  explain: (error: unknown) => HttpFailure,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const onEvent = (): void => {
    resolve(undefined);
  };
  const onError = (error: unknown): void => {
    reject(explain(error));
  };
  const onClose = (): void => {
    reject(explain(new Error("the connection was closed")));
  };
  const onAbort = (): void => {
    reject(explain(signal.reason));
  };
  socket.once(event, onEvent).on("error", onError).once("close", onClose);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await promise;
  } catch (error) {
    socket.on("error", ignore).destroy();
    throw error;
  } finally {
    socket.off(event, onEvent).off("error", onError).off("close", onClose);
    signal.removeEventListener("abort", onAbort);
  }
}

/** Plain HTTP goes through a tunnel too: NTLM belongs to a connection, and a proxy that forwards shares its own among many. */
async function tunnel(proxy: ProxyServer, endpoint: Endpoint, signal: AbortSignal): Promise<Socket> {
  const target = authorityOf(endpoint);
  const through = `the proxy ${authorityOf(proxy)}`;
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const asking = request({
    host: proxy.host,
    port: proxy.port,
    method: "CONNECT",
    path: target,
    agent: false,
    signal,
    headers: {
      Host: target,
      ...(proxy.authorization !== undefined && { "Proxy-Authorization": proxy.authorization }),
    },
  });
  asking.on("connect", ({ statusCode = 0 }, socket: Socket) => {
    if (statusCode >= 200 && statusCode < 300) resolve(socket);
    else {
      socket.destroy();
      reject(proxyRefused(through, target, statusCode));
    }
  });
  asking.on("response", (response) => {
    response.resume();
    asking.destroy();
    reject(proxyRefused(through, target, response.statusCode ?? 0));
  });
  asking.on("error", (error) => {
    reject(unreachable(`${through} does not answer`, error));
  });
  asking.end();
  return promise;
}

function proxyRefused(through: string, target: string, status: number): HttpFailure {
  return new HttpFailure("unreachable", `${through} does not open a tunnel to ${target}: status ${status}`, {
    remedy:
      status === 407
        ? "Add the user name and password of the proxy to HTTPS_PROXY, or the host to NO_PROXY"
        : "Add the host to NO_PROXY if it is reached without a proxy; otherwise allow this port on the proxy",
  });
}

async function secure(raw: Socket, host: string, settings: TlsSettings, signal: AbortSignal): Promise<Connected> {
  const { ca, thumbprint, skipsVerification, client } = settings;
  const socket = connectTls({
    socket: raw,
    host,
    // A name of the certificate to ask for; addresses are not allowed there.
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca }),
    // A pinned certificate is trusted for itself, also self-signed: with an authority named as well, both have to hold.
    rejectUnauthorized: !skipsVerification && (thumbprint === undefined || ca !== undefined),
    minVersion: "TLSv1.2",
    // In TLS 1.3 Windows asks for the client's certificate after the handshake, which Node does not answer.
    ...(client !== undefined && { cert: client.certificate, key: client.key, maxVersion: "TLSv1.2" }),
  });
  await opened(socket, "secureConnect", signal, (error) => notSecured(host, error));
  // Node returns it only once.
  const certificate = socket.getPeerX509Certificate();
  if (thumbprint !== undefined && !hasThumbprint(certificate, thumbprint)) {
    socket.on("error", ignore).destroy();
    throw new HttpFailure("untrusted", `${host} does not have the certificate with the given thumbprint`, {
      remedy: "Compare certificateThumbprint with the certificate of the host's HTTPS listener",
    });
  }
  return { socket, ...(certificate !== undefined && { certificate: certificate.raw }) };
}

function hasThumbprint(certificate: X509Certificate | undefined, wanted: string): boolean {
  if (certificate === undefined) return false;
  const shown = wanted.length === sha1Length ? certificate.fingerprint : certificate.fingerprint256;
  const found = Buffer.from(shown.replaceAll(":", "").toLowerCase());
  const expected = Buffer.from(wanted);
  return found.length === expected.length && timingSafeEqual(found, expected);
}

const sha1Length = 40;

function notSecured(host: string, error: unknown): HttpFailure {
  const code = codeOf(error) ?? "";
  if (certificateCodes.test(code)) {
    return new HttpFailure("untrusted", `the certificate of ${host} is not trusted (${code})`, {
      remedy:
        "Set caFile to its issuer or certificateThumbprint to the certificate itself, or use a name of the host that is in the certificate",
      cause: error,
    });
  }
  return unreachable(`${host} does not use TLS on this port`, error);
}

/** Codes of OpenSSL's verification and of Node's check of names. Source: "TLS", X509 certificate error codes, nodejs.org. */
const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO|CRL|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH/;

function unreachable(what: string, error: unknown): HttpFailure {
  const code = codeOf(error);
  const isLate = isTimeout(error);
  const why = isLate ? " in time" : code === undefined ? "" : ` (${code})`;
  return new HttpFailure("unreachable", `${what}${why}`, {
    remedy:
      "Check the name of the host, that its WinRM service has a listener there (winrm enumerate winrm/config/listener), and that the port can be reached from the runner",
    cause: error,
  });
}

function ignore(): void {
  // The socket is being destroyed: what it still has to say changes nothing.
}
