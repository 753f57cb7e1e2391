import type { ConnectionField } from "../fieldNames";
import type { Connection } from "../fields";
import { findHalfCredential, findMissingAccount, findReadablePassword } from "./common";
import { type ConnectionProblem, forbid } from "./problem";

/** What a connection through PowerShell lacks or cannot use. `tls` is settled. `platform`: `process.platform`. */
export function findPowerShellProblem(connection: Connection, platform: string): ConnectionProblem | undefined {
  const { host, protocol = "wsman" } = connection;
  if (host === undefined) return findLocalProblem(connection, platform);
  switch (protocol) {
    case "ssh":
      return findSshProblem(connection);
    case "dcom":
      return findDcomProblem(connection) ?? findHalfCredential(connection) ?? findDcomAuthProblem(connection);
    case "wsman":
      return findFileProblem(connection) ?? findHalfCredential(connection) ?? findAuthProblem(connection);
    default:
      return protocol satisfies never;
  }
}

const sshFields = ["keyFile", "subsystem"] as const;

/** Fields about another computer, which is only there when `host` names it. */
const remoteFields: readonly ConnectionField[] = [
  "protocol",
  "port",
  "tls",
  "insecureSkipVerify",
  "auth",
  "username",
  "password",
  "passwordFile",
  "certificateThumbprint",
  ...sshFields,
  "configurationName",
];

function findLocalProblem(connection: Connection, platform: string): ConnectionProblem | undefined {
  const remote = forbid(connection, remoteFields, 'is about a remote host, and none is named: add "host"');
  if (remote !== undefined || platform === "win32") return remote;
  return {
    field: "host",
    reason: "expected the name of the host, got nothing: without it the runner itself is meant, which is not Windows",
  };
}

function findSshProblem(connection: Connection): ConnectionProblem | undefined {
  return (
    forbid(
      connection,
      ["configurationName"],
      'is not used by protocol "ssh": a constrained endpoint is a subsystem of the SSH server there, name it in "subsystem"',
    ) ??
    forbid(
      connection,
      ["password", "passwordFile"],
      'is not used by protocol "ssh": PowerShell cannot answer its question for one; use a key ("keyFile") or an agent',
    ) ??
    forbid(
      connection,
      ["auth", "tls", "insecureSkipVerify", "certificateThumbprint"],
      'is not used by protocol "ssh": SSH has its own keys and known hosts',
    )
  );
}

function findDcomProblem(connection: Connection): ConnectionProblem | undefined {
  return (
    forbid(
      connection,
      ["port", "tls", "insecureSkipVerify", "certificateThumbprint", "configurationName"],
      'is not used by protocol "dcom"',
    ) ?? forbid(connection, sshFields, 'is about SSH, and protocol is "dcom"')
  );
}

function findDcomAuthProblem({ auth }: Connection): ConnectionProblem | undefined {
  if (auth === undefined || auth === "negotiate") return undefined;
  const reason = `expected "negotiate" or nothing with protocol "dcom", which chooses by itself, got "${auth}"`;
  return { field: "auth", reason };
}

function findFileProblem(connection: Connection): ConnectionProblem | undefined {
  const reason =
    connection.auth === "certificate"
      ? "is not used: PowerShell takes a client certificate from the Windows certificate store, not from a file"
      : 'is about SSH: add protocol: "ssh"';
  return forbid(connection, sshFields, reason);
}

function findAuthProblem(connection: Connection): ConnectionProblem | undefined {
  const { auth, certificateThumbprint } = connection;
  if (auth === "certificate") {
    const reason =
      "expected the thumbprint of a client certificate in the Windows certificate store of the runner, got nothing: PowerShell takes it from there, not from a file";
    return certificateThumbprint === undefined ? { field: "certificateThumbprint", reason } : undefined;
  }
  if (certificateThumbprint !== undefined)
    return { field: "certificateThumbprint", reason: 'names a client certificate: add auth: "certificate"' };
  if (auth === "basic") return findMissingAccount(connection) ?? findReadablePassword(connection);
  return undefined;
}
