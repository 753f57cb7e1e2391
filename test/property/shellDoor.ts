import { PowerShellClient } from "../../provider/transports/powershell/powershellClient";
import { readScripts } from "../../provider/transports/powershell/scripts";
import { PowerShellSession } from "../../provider/transports/powershell/powershellSession";
import type { ShellProcess } from "../../provider/transports/powershell/shellProcess";
import { wayTo } from "../../provider/transports/powershell/ways";
import type { Clock } from "../../provider/core/host/ports";
import { FakeShell } from "../emulators/powershell/fakeShell";
import type { FaultPlan } from "../emulators/powershell/faults";
import type { HostDoor } from "../emulators/powershell/responder";

const scripts = readScripts();
/** Longest time of one command. */
const deadlineMs = 60_000;

/** The real transport over PowerShell processes that are objects of this one, with everything that goes wrong in them. */
export function powerShellClient(
  door: HostDoor,
  credentials: { readonly username?: string; readonly password?: string },
  clock: Clock,
  plan: FaultPlan,
): PowerShellClient {
  let ids = 0;
  const { password, ...user } = credentials;
  return new PowerShellClient(
    door.name,
    new PowerShellSession({
      address: door.name,
      executable: { path: "pwsh", source: "the default of this platform" },
      start: () => startFakeShell(door, plan, clock),
      scripts,
      connect: wayTo({ host: door.name, ...user }, scripts),
      ...(password !== undefined && { password }),
      deadlineMs,
      clock,
      newId: () => (ids += 1).toString(16).padStart(16, "0"),
    }),
  );
}

function startFakeShell(host: HostDoor, plan: FaultPlan, clock: Clock): ShellProcess {
  return new FakeShell({
    host,
    plan,
    sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
    onDefect: (error) => {
      throw new Error("the client did what no PowerShell answers", { cause: error });
    },
  });
}
