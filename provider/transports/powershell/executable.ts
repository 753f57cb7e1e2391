/** A PowerShell to be started, and who has named it. */
export interface Executable {
  readonly path: string;
  readonly source: "connection.executable" | "NODE_POWERSHELL" | "the default of this platform";
}

/** The executable: the input, then `NODE_POWERSHELL`, then `powershell.exe` on Windows and `pwsh` elsewhere. */
export function chooseExecutable(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  platform: string,
): Executable {
  if (given !== undefined) return { path: given, source: "connection.executable" };
  const named = environment.NODE_POWERSHELL;
  if (named !== undefined && named !== "") return { path: named, source: "NODE_POWERSHELL" };
  const path = platform === "win32" ? "powershell.exe" : "pwsh";
  return { path, source: "the default of this platform" };
}

/** Variables of ours and of Pulumi: credentials and access tokens may be among them, and PowerShell needs none. */
const withheld = /^(HYPERV_REPLICA_|PULUMI_)/i;

/** The environment of the process: without our credentials, and without a call to find out about newer versions. */
export function childEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !withheld.test(name)) kept[name] = value;
  }
  return { ...kept, POWERSHELL_UPDATECHECK: "Off", POWERSHELL_TELEMETRY_OPTOUT: "1" };
}
