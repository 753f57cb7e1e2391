import { BlockList, isIP } from "node:net";
import { ReplicaResyncError } from "../../../core/errors";
import { isLoopback } from "../../../core/host/isLoopback";
import type { ProxyServer } from "./endpoint";

/** Variables of the environment, as far as they are there. */
export type Environment = Readonly<Record<string, string | undefined>>;

const defaultProxyPort = 80;

/**
 * The proxy that the environment names for a host: `HTTPS_PROXY` for TLS, `HTTP_PROXY` without, in either letter case, unless
 * `NO_PROXY` has the host. They are honoured, as everything else in a pipeline honours them; a runner that has them for the
 * internet names its hosts in `NO_PROXY`. The runner itself is never reached through a proxy.
 * @throws {@link ReplicaResyncError} for a proxy that is not an `http://` one.
 */
export function proxyFor(
  host: string,
  port: number,
  usesTls: boolean,
  environment: Environment,
): ProxyServer | undefined {
  const name = usesTls ? "HTTPS_PROXY" : "HTTP_PROXY";
  const setting = read(environment, name);
  if (setting === undefined || isLoopback(host) || isExcepted(host, port, read(environment, "NO_PROXY")))
    return undefined;
  const text = setting.includes("://") ? setting : `http://${setting}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:") {
    // The value itself may hold a password.
    throw new ReplicaResyncError("REFUSED", `${name} must have the form http://name:port`, {
      remedy: `Change ${name}, or add the host to NO_PROXY if it is reached without a proxy`,
    });
  }
  const { hostname, username, password } = url;
  const credentials = `${decoded(username, name)}:${decoded(password, name)}`;
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? defaultProxyPort : Number(url.port),
    ...(username !== "" && { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` }),
  };
}

function read(environment: Environment, name: string): string | undefined {
  const value = environment[name.toLowerCase()] ?? environment[name];
  return value === undefined || value.trim() === "" ? undefined : value.trim();
}

/**
 * Domains with all that is under them, addresses, each with or without a port, address ranges (`10.0.0.0/8`), or `*` for
 * everything.
 */
function isExcepted(host: string, port: number, list = ""): boolean {
  const wanted = host.toLowerCase().replace(/\.$/, "");
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === "*" || isInRange(host, entry)) return true;
      const { name, onPort } = partsOf(entry);
      if (name === "" || (onPort !== undefined && onPort !== port)) return false;
      return wanted === name || wanted.endsWith(`.${name}`);
    });
}

/** `name`, `.name`, `*.name`, each also as `name:port`; `address`, `address:port`, for IPv6 `[address]:port`. */
function partsOf(entry: string): { readonly name: string; readonly onPort?: number } {
  if (isIP(entry) === 6) return { name: entry };
  const [, inBrackets, plain, digits] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  const name = inBrackets ?? plain?.replace(/^\*?\./, "") ?? "";
  return { name, ...(digits !== undefined && { onPort: Number(digits) }) };
}

function isInRange(host: string, entry: string): boolean {
  const [, network = "", bits = ""] = /^(.+)\/(\d+)$/.exec(entry) ?? [];
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const kind = family === 4 ? "ipv4" : "ipv6";
  const range = new BlockList();
  range.addSubnet(network, Number(bits), kind);
  return range.check(host, kind);
}

/** In a URL the user name and the password are percent-encoded. */
function decoded(text: string, name: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ReplicaResyncError(
      "REFUSED",
      `the user name or the password of the proxy in ${name} is not percent-encoded`,
      {
        remedy: "Write % as %25, @ as %40 and : as %3A",
      },
    );
  }
}
