import { execFileSync } from "node:child_process";
import { isPeersRun } from "./isPeersRun";

/** The version of the PowerShell 7 that `NODE_POWERSHELL` names or that is on `PATH`. */
export function findPowerShell(): { readonly executable: string; readonly version: string } | undefined {
  const executable = process.env["NODE_POWERSHELL"] ?? "pwsh";
  const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "$PSVersionTable.PSVersion.ToString()"];
  try {
    const version = execFileSync(executable, args, {
      encoding: "utf8",
      timeout: 60_000,
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return { executable, version };
  } catch {
    return undefined;
  }
}

/** The PowerShell that tests may use in this run. */
export function powerShellToTest(): string | undefined {
  return isPeersRun ? findPowerShell()?.executable : undefined;
}
