import type { Auth, Connection, Transport } from "./fields";

/** A connection with the choices made that it leaves open. */
export type ResolvedConnection =
  (Connection & { readonly transport: "powershell" | "simulator" }) | ResolvedWsmanConnection;
export type ResolvedWsmanConnection = Connection & {
  readonly transport: "wsman";
  readonly tls: boolean;
  readonly auth: Auth;
};

/** Makes the choices that other fields depend on. `platform`: `process.platform`. */
export function withDefaults(connection: Connection, platform: string): ResolvedConnection {
  const transport = connection.transport ?? defaultTransport(connection, platform);
  switch (transport) {
    case "wsman":
      return {
        ...connection,
        transport,
        tls: connection.tls ?? true,
        auth: connection.auth ?? defaultAuth(connection),
      };
    case "powershell":
      return speaksWsman(connection)
        ? { ...connection, transport, tls: connection.tls ?? needsTls(connection) }
        : { ...connection, transport };
    case "simulator":
      return { ...connection, transport };
    default:
      return transport satisfies never;
  }
}

/** PowerShell is on every Windows; from elsewhere a host is reached over WS-Management; a scenario means the simulator. */
function defaultTransport({ scenario }: Connection, platform: string): Transport {
  if (scenario !== undefined) return "simulator";
  return platform === "win32" ? "powershell" : "wsman";
}

function defaultAuth({ username, certificateFile }: Connection): Auth {
  return username === undefined && certificateFile !== undefined ? "certificate" : "negotiate";
}

/** Whether PowerShell reaches another computer over WinRM, the one of its protocols for which TLS is a choice. */
function speaksWsman({ host, protocol = "wsman" }: Connection): boolean {
  return host !== undefined && protocol === "wsman";
}

/** TLS where credentials would travel readable; with Kerberos and Negotiate, Windows encrypts the messages itself. */
function needsTls({ auth, port }: Connection): boolean {
  return auth === "basic" || auth === "certificate" || port === tlsPort;
}

/** Where WinRM listens for HTTPS. Source: "Installation and configuration for Windows Remote Management", learn.microsoft.com. */
const tlsPort = 5986;
