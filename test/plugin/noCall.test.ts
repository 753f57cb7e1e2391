import type { ScenarioInput } from "pulumi-hyperv-replica/simulator";
import { onEveryEngine } from "../support/onEveryEngine";
import { hostInState9 } from "../support/sandbox";

const web01 = { name: "web01", args: { vm: "web01", triggers: ["a"] } };

onEveryEngine("a preview, a check and a diff contact no host", hostInState9({ seconds: 60 }), async (sandbox) => {
  sandbox.register(web01);
  const first = await sandbox.succeed("preview");
  expect(first.output).toContain("will resynchronize web01 if it requires it (policy ifRequired); recovery points");
  expect(await sandbox.journalLength()).toBe(0);

  await sandbox.succeed("up");
  const contacts = await sandbox.journalLength();
  sandbox.register({ ...web01, args: { ...web01.args, triggers: ["b"] } });
  const second = await sandbox.succeed("preview");
  expect(second.output).toContain("triggers changed");
  expect(await sandbox.journalLength()).toBe(contacts);

  await sandbox.host.breakMachine("web01");
  sandbox.register({ name: "web01", args: { vm: "web01" } });
  const withoutTriggers = await sandbox.succeed("up");
  expect(withoutTriggers.output).toContain("triggers changed, no call");
  expect(await sandbox.calls()).toHaveLength(1);
});

/** Changes that make no call by themselves, one resource each. */
const changes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  connection: { connection: { transport: "simulator", scenario: "host.json", maxConcurrentResyncs: 2 } },
  policy: { policy: "always" },
  startTime: { startTime: "2030-01-01T00:00:00Z" },
  timeoutSeconds: { timeoutSeconds: 100 },
  stalledAfterSeconds: { stalledAfterSeconds: 5 },
  onTimeout: { onTimeout: "cancel" },
  wait: { wait: "started" },
};
const names = Object.keys(changes);

function resourceFor(name: string): { name: string; args: { vm: string; triggers: string[] } } {
  return { name, args: { vm: name, triggers: ["a"] } };
}

const manyInState9: ScenarioInput = {
  name: "HV01",
  clock: { speed: 60 },
  machines: names.map((name) => ({ name, state: "resynchronizationRequired", resync: { seconds: 60 } })),
};

onEveryEngine("no changed setting, refresh or provider text calls; new triggers do", manyInState9, async (sandbox) => {
  sandbox.register(...names.map(resourceFor));
  await sandbox.succeed("up");
  expect(await sandbox.calls()).toHaveLength(names.length);

  await sandbox.succeed("refresh");
  const unchanged = await sandbox.succeed("up");
  expect(unchanged.output).toContain(`${names.length + 1} unchanged`);
  const before = (await sandbox.resource("wait"))?.inputs?.["__provider"];
  const text = await sandbox.succeed("up", { env: { PROVIDER_TEXT: "2" } });
  expect(text.output).toContain(`${names.length + 1} unchanged`);
  expect((await sandbox.resource("wait"))?.inputs?.["__provider"]).not.toEqual(before);

  sandbox.register(...names.map((name) => ({ name, args: { ...resourceFor(name).args, ...changes[name] } })));
  const changed = await sandbox.succeed("up");
  for (const name of names) expect(changed.output).toContain(`${name} changed, no call`);
  expect(changed.output).toContain(`${names.length} updated`);
  expect(await sandbox.calls()).toHaveLength(names.length);

  const again = { ...resourceFor("wait").args, vm: "WAIT", triggers: ["b"] };
  sandbox.register({ name: "wait", args: again });
  await sandbox.host.breakMachine("wait");
  await sandbox.succeed("up");
  expect((await sandbox.calls()).filter(({ machine }) => machine === "wait")).toHaveLength(2);
});
