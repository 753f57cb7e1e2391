import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Clock, ReplicationHost } from "../../core/host/ports";
import { CimHost } from "../cim/cimHost";
import { systemClock } from "../systemClock";
import { childEnvironment, chooseExecutable } from "./executable";
import { PowerShellClient } from "./powershellClient";
import { readScripts } from "./scripts";
import { PowerShellSession } from "./powershellSession";
import { type ShellProcess, startShell } from "./shellProcess";
import { defaultOperationTimeoutSeconds, isRemote, type PowerShellConnection, wayTo } from "./ways";

/** What the transport is built on; tests bring their own. */
export interface PowerShellParts {
  /** What the deadline of a command goes by. */
  readonly clock?: Clock;
  readonly start?: (executable: string, environment: Readonly<Record<string, string>>) => ShellProcess;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform?: string;
}

/** What is left after the longest operation for its own answer, which says more than that there was none. */
const answerWithinMs = 10_000;

/** Opens a host through PowerShell. Nothing is started before the first call. */
export function openPowerShellHost(
  connection: PowerShellConnection,
  {
    clock = systemClock,
    start = startShell,
    environment = process.env,
    platform = process.platform,
  }: PowerShellParts = {},
): { host: ReplicationHost; clock: Clock } {
  const { host: address = hostname(), operationTimeoutSeconds = defaultOperationTimeoutSeconds } = connection;
  const executable = chooseExecutable(connection.executable, environment, platform);
  const scripts = readScripts();
  const session = new PowerShellSession({
    address,
    executable,
    start: () => start(executable.path, childEnvironment(environment, executable.path)),
    scripts,
    connect: wayTo(connection, scripts),
    ...(connection.password !== undefined && { password: connection.password }),
    isRemote: isRemote(connection),
    deadlineMs: operationTimeoutSeconds * 1_000 + answerWithinMs,
    clock,
    newId: () => randomBytes(8).toString("hex"),
  });
  return { host: new CimHost(new PowerShellClient(address, session)), clock };
}
