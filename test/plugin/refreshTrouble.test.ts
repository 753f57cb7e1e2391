import type { ScenarioInput } from "pulumi-hyperv-replica/simulator";
import { onEveryEngine } from "../support/onEveryEngine";
import type { Sandbox } from "../support/sandbox";

/** What can keep a refresh from seeing the VM, and how that is repaired. */
const troubles: Readonly<
  Record<string, { begin: (sandbox: Sandbox) => Promise<void>; end: (sandbox: Sandbox) => Promise<void>; says: RegExp }>
> = {
  "the host is down": {
    begin: async ({ host }) => host.setReachable(false),
    end: async ({ host }) => host.setReachable(true),
    says: /at the last refresh the state could not be read: .*HV01/,
  },
  "the service is stopped": {
    begin: async ({ host }) => host.stopService(),
    end: async ({ host }) => host.startService(),
    says: /replication service is not available/,
  },
  "the VM is gone": {
    begin: async ({ host }) => host.removeMachine("web01"),
    end: async () => undefined,
    says: /no such VM among the 1 that the account sees/,
  },
  "the account has no rights": {
    begin: async ({ host }) => host.setRights("operator", "none"),
    end: async ({ host }) => host.setRights("operator", "administrator"),
    says: /sees no VM at all.*S-1-5-32-578/s,
  },
};

const scenario: ScenarioInput = {
  name: "HV01",
  clock: { speed: 60 },
  machines: [
    { name: "web01", state: "resynchronizationRequired", resync: { seconds: 30 } },
    { name: "other", state: "replicating" },
  ],
};

for (const [trouble, { begin, end, says }] of Object.entries(troubles)) {
  onEveryEngine(
    `a refresh while ${trouble} keeps the resource, warns, and nothing is called after it`,
    scenario,
    async (sandbox) => {
      sandbox.register({ name: "web01", args: { vm: "web01" } }, { name: "other", args: { vm: "other" } });
      await sandbox.succeed("up");
      const before = await sandbox.outputs("web01");

      await begin(sandbox);
      const { output } = await sandbox.succeed("refresh");
      expect(output).toMatch(says);
      expect(await sandbox.outputs("web01")).toEqual({
        ...before,
        warnings: [expect.stringMatching(says)],
        internal: { ...(before["internal"] as object), warningCodes: ["refresh"] },
      });

      await end(sandbox);
      await sandbox.succeed("up", { refresh: true });
      expect(await sandbox.calls()).toHaveLength(1);
      if (trouble !== "the VM is gone") expect((await sandbox.outputs("web01"))["warnings"]).toEqual([]);
    },
  );
}
