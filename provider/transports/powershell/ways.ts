/** What this transport uses of a connection; the password is there whether it was given or read from its file. */
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

/** A field that does not fit the way to the host, and what is expected instead. */
export interface WayProblem {
  readonly field: keyof PowerShellConnection;
  readonly reason: string;
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
  const { insecureSkipVerify, auth, certificateThumbprint } = connection;
  const { operationTimeoutSeconds = defaultOperationTimeoutSeconds } = connection;
  const session = defined({
    computerName: host,
    port,
    ...(protocol === "wsman" && { useSsl: isTls(connection), skipCertificateChecks: insecureSkipVerify }),
    authentication: auth,
    certificateThumbprint: certificateThumbprint?.replace(/[: ]/g, ""),
    userName: username,
    operationTimeoutSeconds,
  });
  return configurationName === undefined
    ? { way: "cim", protocol, ...session }
    : { way: "endpoint", configurationName, ...session };
}

/** Whether the functions run on the other side, in a session that may break. */
export function isRemote({ host, protocol, configurationName }: PowerShellConnection): boolean {
  return host !== undefined && (protocol === "ssh" || configurationName !== undefined);
}

/** TLS where the password or the certificate would travel readable; Kerberos and Negotiate encrypt messages themselves. */
function isTls({ tls, auth, port }: PowerShellConnection): boolean {
  return tls ?? (auth === "basic" || auth === "certificate" || port === tlsPort);
}

/** Where WinRM listens for HTTPS. Source: "Installation and configuration for Windows Remote Management", learn.microsoft.com. */
const tlsPort = 5986;

/** The first field that does not fit; looks at the fields only. `platform`: `process.platform`. */
export function findWayProblem(connection: PowerShellConnection, platform: string): WayProblem | undefined {
  const { host, protocol = "wsman" } = connection;
  if (host === undefined) {
    const remote = forbidden(connection, remoteFields, 'is about another machine, and none is named: add "host"');
    if (remote !== undefined) return remote;
    if (platform === "win32") return undefined;
    return {
      field: "host",
      reason: "expected the name of the host: without one this machine is meant, and it is no Windows",
    };
  }
  switch (protocol) {
    case "ssh":
      return findSshProblem(connection);
    case "dcom":
      return (
        forbidden(
          connection,
          ["port", "tls", "insecureSkipVerify", "configurationName"],
          'is not used by protocol "dcom"',
        ) ??
        forbidden(connection, sshFields, 'is about SSH, and protocol is "dcom"') ??
        findLogonProblem(connection)
      );
    case "wsman": {
      const reason =
        connection.auth === "certificate"
          ? "is not used: PowerShell takes a client certificate from the Windows certificate store, not from a file"
          : 'is about SSH: add protocol: "ssh"';
      return forbidden(connection, sshFields, reason) ?? findLogonProblem(connection);
    }
    default:
      return protocol satisfies never;
  }
}

const sshFields = ["keyFile", "subsystem"] as const;
const remoteFields = [
  "protocol",
  "port",
  "tls",
  "insecureSkipVerify",
  "auth",
  "username",
  "password",
  "certificateThumbprint",
  ...sshFields,
  "configurationName",
] as const;

function forbidden(
  connection: PowerShellConnection,
  fields: readonly (keyof PowerShellConnection)[],
  reason: string,
): WayProblem | undefined {
  const field = fields.find((one) => connection[one] !== undefined);
  return field === undefined ? undefined : { field, reason };
}

function findSshProblem(connection: PowerShellConnection): WayProblem | undefined {
  return (
    forbidden(
      connection,
      ["configurationName"],
      'is not used by protocol "ssh": a constrained endpoint is a subsystem of the SSH server there, name it in "subsystem"',
    ) ??
    forbidden(
      connection,
      ["password"],
      'is not used by protocol "ssh": PowerShell cannot answer its question for one; use a key ("keyFile") or an agent',
    ) ??
    forbidden(
      connection,
      ["auth", "tls", "insecureSkipVerify", "certificateThumbprint"],
      'is not used by protocol "ssh": SSH has its own keys and known hosts',
    )
  );
}

/** Half a credential is often the other half of another source. */
const together = "credentials are taken together, from the first source that names any of them";

function findLogonProblem(connection: PowerShellConnection): WayProblem | undefined {
  const { auth, protocol, username, password, certificateThumbprint, insecureSkipVerify, tls } = connection;
  if (username !== undefined && password === undefined)
    return { field: "password", reason: `expected a password for the username, got none; ${together}` };
  if (password !== undefined && username === undefined)
    return { field: "username", reason: `expected a username for the password, got none; ${together}` };
  const isReadable = auth === "basic" || auth === "certificate";
  if (protocol === "dcom" && auth !== undefined && auth !== "negotiate") {
    const reason = `expected "negotiate" or nothing with protocol "dcom", which chooses by itself, got "${auth}"`;
    return { field: "auth", reason };
  }
  if (auth === "basic" && username === undefined)
    return { field: "username", reason: 'expected a username and a password with auth "basic", got none' };
  if (auth === "certificate" && certificateThumbprint === undefined) {
    return {
      field: "certificateThumbprint",
      reason:
        "expected the thumbprint of a client certificate in the Windows certificate store of this machine: PowerShell takes it from there, not from a file",
    };
  }
  if (auth !== "certificate" && certificateThumbprint !== undefined)
    return { field: "certificateThumbprint", reason: 'names a client certificate: add auth: "certificate"' };
  if (isReadable && tls === false)
    return { field: "tls", reason: `expected true with auth "${auth}", which needs TLS, got false` };
  if (insecureSkipVerify === true && !isTls(connection))
    return { field: "insecureSkipVerify", reason: "is about TLS: add tls: true" };
  return undefined;
}
