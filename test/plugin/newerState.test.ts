import { readFileSync, writeFileSync } from "node:fs";
import type { ScenarioInput } from "pulumi-hyperv-replica/simulator";
import { BuiltInDriver } from "../engine/driver/builtInDriver";
import { onEveryEngine } from "../support/onEveryEngine";

const scenario: ScenarioInput = {
  name: "HV01",
  clock: { speed: 60 },
  machines: ["web01", "db01"].map((name) => ({ name, state: "resynchronizationRequired", resync: { seconds: 30 } })),
};

onEveryEngine(
  "a refresh keeps state of a newer version, and an up refuses it without damage",
  scenario,
  async (sandbox) => {
    // `pulumi stack import` says no more about the resource than this does.
    if (!(sandbox.driver instanceof BuiltInDriver)) return;
    sandbox.register(...["web01", "db01"].map((name) => ({ name, args: { vm: name } })));
    await sandbox.succeed("up");
    const { stateFile } = sandbox.driver;
    const state = readFileSync(stateFile, "utf8");
    writeFileSync(
      stateFile,
      state.replace('"schemaVersion": 1', '"schemaVersion": 7').replace('"schemaVersion":1', '"schemaVersion":7'),
    );

    await sandbox.host.breakMachine("db01");
    const refreshed = await sandbox.succeed("refresh");
    expect(refreshed.output).toContain("written by a newer version");
    const [web01, db01] = [await sandbox.outputs("web01"), await sandbox.outputs("db01")];
    const versions = [web01, db01].map(({ internal }) => (internal as { schemaVersion: number }).schemaVersion);
    expect(versions.sort()).toEqual([1, 7]);

    const { exitCode, output } = await sandbox.run("up");
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/newer version.*update the package; nothing was changed/);
    await sandbox.succeed("destroy");
  },
);
