import { ReplicaResyncError } from "../../../core/errors";
import { isLoopback } from "../../../core/host/isLoopback";
import type { ProxyServer } from "./endpoint";

/** Variables of the environment, as far as they are there. */
export type Environment = Readonly<Record<string, string | undefined>>;

const defaultProxyPort = 80;

/**
 * The proxy that the environment names for a host: `HTTPS_PROXY` for TLS, `HTTP_PROXY` without, in either letter case, unless
 * `NO_PROXY` has the host. They are honoured, as everything else in a pipeline honours them; a runner that has them for the
 * internet names its hosts in `NO_PROXY`. A host on this machine is never reached through a proxy.
 * @throws {@link ReplicaResyncError} for a proxy that is not spoken to by plain HTTP.
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
    throw new ReplicaResyncError("REFUSED", `${name} does not name a proxy as http://name:port`, {
      remedy: `Change ${name}, or name the host in NO_PROXY if it is reached without a proxy`,
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

/** Names with all that is under them, addresses, each with or without a port, or `*` for everything. */
function isExcepted(host: string, port: number, list: string | undefined): boolean {
  const wanted = host.toLowerCase().replace(/\.$/, "");
  return (list ?? "").split(/[\s,]+/).some((entry) => {
    if (entry === "*") return true;
    const [, name = "", onPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    const isAddress = name.includes(":") || entry.split(":").length > 2;
    const bare = (isAddress ? entry.toLowerCase().replace(/^\[|\](:\d+)?$/g, "") : name).replace(/^\*?\./, "");
    if (bare === "" || (!isAddress && onPort !== undefined && Number(onPort) !== port)) return false;
    return wanted === bare || (!isAddress && wanted.endsWith(`.${bare}`));
  });
}

/** User name and password stand in an address in percent encoding. */
function decoded(text: string, name: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ReplicaResyncError(
      "REFUSED",
      `${name} does not name user and password of the proxy in percent encoding`,
      {
        remedy: "Write % as %25, @ as %40 and : as %3A",
      },
    );
  }
}
