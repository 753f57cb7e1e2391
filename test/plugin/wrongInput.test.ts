import { onEveryEngine } from "../support/onEveryEngine";
import { hostInState9 } from "../support/sandbox";

const simulator = { transport: "simulator", scenario: "host.json" };

/** Wrong inputs, and the messages for them. */
const wrong: readonly { args: Record<string, unknown>; opts?: Record<string, unknown>; says: readonly RegExp[] }[] = [
  { args: { vm: "web01", polcy: "always" }, says: [/property polcy/, /did you mean "policy"/] },
  { args: { vm: " " }, says: [/property vm /, /display name or the GUID/] },
  { args: {}, says: [/property vm /, /got nothing/] },
  { args: { vm: "web01", startTime: "tomorrow" }, says: [/property startTime/, /ISO 8601/] },
  { args: { vm: "web01", startTime: "2026-11-22T22:00:00" }, says: [/property startTime/, /with offset/] },
  { args: { vm: "web01", timeoutSeconds: -1 }, says: [/property timeoutSeconds/, /above 0/] },
  {
    args: { vm: "web01", startTime: "2026-11-22T22:00:00Z", policy: "always" },
    says: [/property startTime/, /not together with policy/],
  },
  {
    args: { vm: "web01", connection: { ...simulator, host: "hv01" } },
    says: [/property connection\.host/, /the scenario file names the host/],
  },
  {
    args: { vm: "web01", connection: { ...simulator, portt: 1 } },
    says: [/property connection\.portt/, /did you mean "port"/],
  },
  { args: { vm: "web01" }, opts: { import: "an-id" }, says: [/option "import" is not accepted/] },
  { args: { vm: "web01" }, opts: { replaceOnChanges: ["vm"] }, says: [/option "replaceOnChanges" is not accepted/] },
];

onEveryEngine(
  "wrong inputs are refused with the property's path, before anything is contacted",
  hostInState9(),
  async (sandbox) => {
    for (const { args, opts, says } of wrong) {
      sandbox.register({ name: "web01", args, ...(opts && { opts }) });
      const { exitCode, output } = await sandbox.run("preview");
      expect({ args, exitCode }).not.toEqual({ args, exitCode: 0 });
      for (const pattern of says) expect(output).toMatch(pattern);
      expect(output).not.toMatch(/\n\s+at .*provider/);
    }
    expect(await sandbox.journalLength()).toBe(0);
  },
);

onEveryEngine(
  "a password appears in no output and in the state only encrypted",
  hostInState9({ seconds: 30 }, 60),
  async (sandbox) => {
    const password = "hunter2-hunter2";
    const connection = { ...simulator, username: "operator", password };
    sandbox.register({ name: "web01", args: { vm: "web01", connection } });
    const { exitCode, output } = await sandbox.run("up");
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/password|credentials|logon/i);
    expect(output).not.toContain(password);

    sandbox.register({ name: "web01", args: { vm: "web01", connection: { ...connection, password: "simulated" } } });
    const second = await sandbox.succeed("up");
    expect(second.output).not.toContain('simulated"');
    const refreshed = await sandbox.succeed("refresh");
    expect(refreshed.output).not.toMatch(/could not be read/);
    const state = JSON.stringify(await sandbox.driver.exportState());
    expect(state).toContain("ciphertext");
    expect(state).not.toContain('"simulated"');
    expect(await sandbox.calls()).toHaveLength(1);
  },
);
