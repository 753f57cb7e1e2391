import type { Input } from "@pulumi/pulumi";

/** How a host is reached. Every field can also come from the stack's configuration or the environment, in that order. */
export interface ConnectionArgs {
  /** Name or address of the Hyper-V host: `"hv01.example.org"`. */
  host?: Input<string>;
  /**
   * How the host is reached: `"powershell"` through a PowerShell on the runner, `"wsman"` straight from Node over
   * WS-Management (WinRM), `"simulator"` for a simulated host.
   * @defaultValue `"simulator"` when `scenario` is given, else `"powershell"` on Windows and `"wsman"` elsewhere
   */
  transport?: Input<"powershell" | "wsman" | "simulator">;
  /** Path of the scenario file of a simulated host, from the folder of the program. Only for `simulator`. */
  scenario?: Input<string>;
  /** TCP port, 1 to 65535. @defaultValue with `wsman` 5986, without TLS 5985; else the protocol's own */
  port?: Input<number>;
  /**
   * Whether the connection is encrypted with TLS.
   * @defaultValue with `wsman` true; with `powershell` true for `auth` "basic" and "certificate", else false: messages are encrypted then too
   */
  tls?: Input<boolean>;
  /** Path of a PEM file with the certificate authorities to trust. Only for `wsman`. @defaultValue those that Node trusts */
  caFile?: Input<string>;
  /**
   * Thumbprint of a certificate, in hexadecimal digits. With `powershell`: the client's own, in the certificate store of this
   * Windows, for `auth: "certificate"`. With `wsman`: SHA-1 or SHA-256 of the host's, which is then trusted for itself; with
   * `caFile` as well, both have to hold.
   */
  certificateThumbprint?: Input<string>;
  /** Trust any certificate: everything sent can be read by the one who answers. */
  insecureSkipVerify?: Input<boolean>;
  /**
   * How the account authenticates. With `wsman`: `"negotiate"` is NTLM; `"kerberos"` needs TLS and the package `kerberos`;
   * `"certificate"` needs TLS; `"basic"` needs TLS, except to the runner itself.
   * @defaultValue with `wsman` `"certificate"` for a `certificateFile` without `username`, else `"negotiate"`; with
   * `powershell` what PowerShell chooses
   */
  auth?: Input<"basic" | "certificate" | "negotiate" | "kerberos">;
  /** The account: `"operator"`, `"EXAMPLE\\operator"` or `"operator@example.org"`. */
  username?: Input<string>;
  /** The account's password. Always kept as a secret, whatever the program does. Not together with `passwordFile`. */
  password?: Input<string>;
  /** Path of a file that holds the password. */
  passwordFile?: Input<string>;
  /** Path of a client certificate, in PEM, for `auth: "certificate"`. Only for `wsman`. */
  certificateFile?: Input<string>;
  /** Path of a private key: of the client certificate, in PEM, or with `protocol: "ssh"` the SSH key. */
  keyFile?: Input<string>;
  /** Path of a Kerberos key table. Only for `wsman` with `auth: "kerberos"`. @defaultValue the tickets of `kinit` */
  keytab?: Input<string>;
  /**
   * The PowerShell executable, a path or a name on `PATH`. Only for `powershell`.
   * @defaultValue the environment variable `NODE_POWERSHELL`, else `powershell.exe` on Windows and `pwsh` elsewhere
   */
  executable?: Input<string>;
  /**
   * What PowerShell uses to reach another computer: CIM over `"wsman"` (WinRM) or `"dcom"` (old hosts), or PowerShell remoting
   * over `"ssh"`. Only for `powershell`, with `host`.
   * @defaultValue `"wsman"`
   */
  protocol?: Input<"wsman" | "dcom" | "ssh">;
  /** Name of a constrained PowerShell endpoint (JEA) on the host that has this package's module. Only for `powershell`. */
  configurationName?: Input<string>;
  /** The same as a subsystem of the SSH server there. Only for `powershell` with `protocol: "ssh"`. */
  subsystem?: Input<string>;
  /** Longest time of one operation against the host, in seconds. @defaultValue 60 */
  operationTimeoutSeconds?: Input<number>;
  /**
   * How many resyncs may run on the host at once, whoever started them; further ones wait for their turn.
   * @defaultValue 3
   */
  maxConcurrentResyncs?: Input<number>;
}

/** What a {@link ReplicaResync} is given. */
export interface ReplicaResyncArgs {
  /**
   * The VM: its display name (letter case ignored) or its GUID. A name that several VMs have is
   * refused, with their GUIDs. Example: `"web01"`. A change replaces the resource, unless old and new name the same
   * VM.
   */
  vm: Input<string>;
  /** How its host is reached. A change makes no call; on another host the VM must be found by its GUID. */
  connection?: Input<ConnectionArgs>;
  /**
   * Which replication relationship: `"primary"` from a primary to its replica, `"extended"` from a replica to its extended replica. A change
   * replaces the resource.
   * @defaultValue `"primary"`
   */
  relationship?: Input<"primary" | "extended">;
  /**
   * Any values: when they change, the VM is asked to resynchronize again. Taking them away makes no call. Example:
   * `[backupRun.id]`.
   */
  triggers?: Input<Input<unknown>[] | Record<string, Input<unknown>>>;
  /**
   * `"ifRequired"`: the call is made when the relationship requires it; a healthy VM is skipped with the reason, and
   * one that a later refresh finds in need of one is resynchronized by the next `pulumi up`. `"always"`: a VM that replicates normally is
   * suspended and resynchronized anyway. A change makes no call.
   * @defaultValue `"ifRequired"`
   */
  policy?: Input<"ifRequired" | "always">;
  /**
   * When the host is to begin: ISO 8601 with offset, at most 7 days ahead when the call is made. Example:
   * `"2026-11-22T22:00:00+01:00"`. For the next request; a change alone makes no call. Not together with
   * `policy: "always"`.
   * @defaultValue at once
   */
  startTime?: Input<string>;
  /**
   * `"completed"` waits for the end; `"started"` returns once the host accepted the request, and a later refresh fills
   * in the end. A change makes no call.
   * @defaultValue `"completed"`
   */
  wait?: Input<"completed" | "started">;
  /**
   * How long one run waits, in seconds, counted from the latest of the call, `startTime` and the beginning of the run.
   * The resource option `customTimeouts` sets it too; this input wins. A change makes no call.
   * @defaultValue 86400
   */
  timeoutSeconds?: Input<number>;
  /**
   * After how many seconds in which nothing moved a warning is given; 0: never. A change makes no call.
   * @defaultValue 3600
   */
  stalledAfterSeconds?: Input<number>;
  /**
   * What happens to the resync when `timeoutSeconds` are over: `"leave"` lets it run, `"cancel"` cancels it and leaves
   * the VM unprotected. A change makes no call.
   * @defaultValue `"leave"`
   */
  onTimeout?: Input<"leave" | "cancel">;
}
