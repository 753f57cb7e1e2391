import { isIP } from "node:net";

/** How TLS is done with a host. */
export interface TlsSettings {
  /** PEM; absent: what Node trusts. */
  readonly ca?: string;
  /** SHA-1 or SHA-256 of the host's certificate, in lower-case hexadecimal digits. */
  readonly thumbprint?: string;
  readonly skipsVerification: boolean;
  /** PEM of the certificate that the caller authenticates with. */
  readonly client?: { readonly certificate: string; readonly key: string };
}

/** Where requests go. */
export interface Endpoint {
  /** Without brackets, also for IPv6. */
  readonly host: string;
  readonly port: number;
  /** Absent: plain HTTP. */
  readonly tls?: TlsSettings;
  /** Absent: straight to the host. */
  readonly proxy?: ProxyServer;
}

/** An HTTP proxy that opens tunnels. */
export interface ProxyServer {
  readonly host: string;
  readonly port: number;
  /** Value of `Proxy-Authorization`. */
  readonly authorization?: string;
}

/** `URLPrefix` of the service, as it is unless somebody has changed it. Source: "Installation and configuration for Windows Remote Management", learn.microsoft.com. */
export const path = "/wsman";

/** Host and port as they stand in a URL and in the header `Host`. */
export function authorityOf({ host, port }: Pick<Endpoint, "host" | "port">): string {
  // The zone of a link-local address is valid on the runner only.
  const [address = host] = host.split("%");
  return `${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
}

/** The address that requests name as theirs. */
export function urlOf(endpoint: Endpoint): string {
  return `${endpoint.tls === undefined ? "http" : "https"}://${authorityOf(endpoint)}${path}`;
}
