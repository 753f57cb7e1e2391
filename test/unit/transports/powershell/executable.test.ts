import { childEnvironment, chooseExecutable } from "../../../../provider/transports/powershell/executable";

test.each([
  ["C:\\ps\\pwsh.exe", { NODE_POWERSHELL: "other" }, "win32", "C:\\ps\\pwsh.exe", "connection.executable"],
  [undefined, { NODE_POWERSHELL: "/opt/pwsh" }, "linux", "/opt/pwsh", "NODE_POWERSHELL"],
  [undefined, { NODE_POWERSHELL: "" }, "win32", "powershell.exe", "the default of this platform"],
  [
    undefined,
    { SystemRoot: "C:\\Windows" },
    "win32",
    "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
    "the default of this platform",
  ],
  [undefined, {}, "linux", "pwsh", "the default of this platform"],
  [undefined, {}, "darwin", "pwsh", "the default of this platform"],
])("the executable of %j with %j on %s is %s, from %s", (given, environment, platform, path, source) => {
  expect(chooseExecutable(given, environment, platform)).toEqual({ path, source });
});

test("the process gets no variable of this package or of Pulumi, and is not asked to look for updates", () => {
  const environment = {
    PATH: "/bin",
    SystemRoot: "C:\\Windows",
    PSModulePath: "C:\\modules",
    EMPTY: undefined,
    HYPERV_REPLICA_PASSWORD: "secret",
    hyperv_replica_username: "operator",
    PULUMI_ACCESS_TOKEN: "secret",
    PULUMI_CONFIG_PASSPHRASE: "secret",
  };
  expect(childEnvironment(environment, "pwsh")).toEqual({
    PATH: "/bin",
    SystemRoot: "C:\\Windows",
    PSModulePath: "C:\\modules",
    POWERSHELL_UPDATECHECK: "Off",
    POWERSHELL_TELEMETRY_OPTOUT: "1",
  });
});

test.each(["powershell", "powershell.exe", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\PowerShell.exe"])(
  "%s does not get the modules of a PowerShell 7 that runs us",
  (executable) => {
    const environment = { PSMODULEPATH: "C:\\Program Files\\PowerShell\\7\\Modules", PATH: "C:\\" };
    expect(childEnvironment(environment, executable)).not.toHaveProperty("PSMODULEPATH");
    expect(childEnvironment(environment, executable)).toMatchObject({ PATH: "C:\\" });
  },
);
