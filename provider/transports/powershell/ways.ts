/** What this transport uses of a connection. The fields have been checked against each other, and the password read from its file. */
export interface PowerShellConnection {
  readonly host?: string | undefined;
  readonly protocol?: "wsman" | "dcom" | "ssh" | undefined;
  readonly port?: number | undefined;
  readonly tls?: boolean | undefined;
  readonly insecureSkipVerify?: boolean | undefined;
  readonly auth?: "basic" | "certificate" | "negotiate" | "kerberos" | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly certificateThumbprint?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly subsystem?: string | undefined;
  readonly configurationName?: string | undefined;
  readonly executable?: string | undefined;
  readonly operationTimeoutSeconds?: number | undefined;
}

/** Longest time of one operation where the connection does not say. As long as the host's own limit, `MaxTimeoutms`. */
export const defaultOperationTimeoutSeconds = 60;

/** Argument of `Connect-HvReplicaHost`: how the scripts reach the host. The password goes its own way. */
export function wayTo(connection: PowerShellConnection, scripts: string): object {
  const { host, protocol = "wsman", port, configurationName, username } = connection;
  if (host === undefined) return { way: "local" };
  const defined = (fields: object): object =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  if (protocol === "ssh") {
    const { keyFile: keyFilePath, subsystem } = connection;
    const loaded = subsystem === undefined ? { scripts } : { subsystem };
    return { way: "ssh", hostName: host, ...defined({ port, userName: username, keyFilePath }), ...loaded };
  }
  const { tls, insecureSkipVerify, auth, certificateThumbprint } = connection;
  const { operationTimeoutSeconds = defaultOperationTimeoutSeconds } = connection;
  const session = defined({
    computerName: host,
    port,
    ...(protocol === "wsman" && { useSsl: tls, skipCertificateChecks: insecureSkipVerify }),
    authentication: auth,
    certificateThumbprint: certificateThumbprint?.replace(/[: ]/g, ""),
    userName: username,
    operationTimeoutSeconds,
  });
  return configurationName === undefined
    ? { way: "cim", protocol, ...session }
    : { way: "endpoint", configurationName, ...session };
}

/** Whether the functions run on the host, in a session that can be lost. */
export function isRemote({ host, protocol, configurationName }: PowerShellConnection): boolean {
  return host !== undefined && (protocol === "ssh" || configurationName !== undefined);
}
