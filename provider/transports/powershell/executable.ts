/** A PowerShell to be started, and who has named it. */
export interface Executable {
  readonly path: string;
  readonly source: "connection.executable" | "NODE_POWERSHELL" | "the default of this platform";
}

/** The executable: the input, then `NODE_POWERSHELL`, then Windows PowerShell on Windows and `pwsh` elsewhere. */
export function chooseExecutable(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  platform: string,
): Executable {
  if (given !== undefined) return { path: given, source: "connection.executable" };
  const named = environment.NODE_POWERSHELL;
  if (named !== undefined && named !== "") return { path: named, source: "NODE_POWERSHELL" };
  const { SystemRoot: windows } = environment;
  // By its full path: a bare name is looked for in the current folder first, and this one gets the credentials.
  const own =
    windows === undefined ? "powershell.exe" : `${windows}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`;
  return { path: platform === "win32" ? own : "pwsh", source: "the default of this platform" };
}

/** Variables of this package and of Pulumi: credentials and access tokens may be among them, and PowerShell needs none. */
const withheld = /^(HYPERV_REPLICA_|PULUMI_)/i;

const isWindowsPowerShell = /(^|[\\/])powershell(\.exe)?$/i;

/** The environment of the process: without this package's credentials, and without a check for newer versions. */
export function childEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  executable: string,
): Record<string, string> {
  // A PowerShell 7 that started this process leaves its own here, and Windows PowerShell cannot load the modules it finds there.
  const isForeign = (name: string): boolean => isWindowsPowerShell.test(executable) && /^PSModulePath$/i.test(name);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !withheld.test(name) && !isForeign(name)) kept[name] = value;
  }
  return { ...kept, POWERSHELL_UPDATECHECK: "Off", POWERSHELL_TELEMETRY_OPTOUT: "1" };
}
