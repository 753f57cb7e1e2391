import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { compileFunction } from "node:vm";
import ts from "typescript";
import * as simulator from "../../provider/simulator";
import { machineRef, SimulatedHost } from "../../provider/simulator/forDoors";
import { faultSchema, scenarioSchema } from "../../provider/simulator/scenario/scenarioSchema";
import { scriptSchema } from "../../provider/simulator/scenario/script";
import { switchesSchema } from "../../provider/simulator/scenario/switches";
import { brokenReplySchema, wsmanSchema } from "../../provider/simulator/scenario/wsmanBehaviour";
import { blocksOf, firstColumn, readPage, sectionAfter, tableAfter } from "../e2e/pages/page";

const page = "docs/testing.md";
const { shape } = scenarioSchema;

test.each([
  ["## Scenario", shape],
  ["The `clock`:", shape.clock.unwrap().shape],
  [
    "An account in `accounts`; the first one is used by a program that names none:",
    shape.accounts.unwrap().element.shape,
  ],
  ["A fault in `faults`:", faultSchema.shape],
  ["A VM:", shape.machines.unwrap().element.shape],
  ["A script in `resync`:", scriptSchema.shape],
  ["The WS-Management service, `wsman`; its choices are switches too, the default first:", wsmanSchema.shape],
  ["A reply in `brokenReplies`:", brokenReplySchema.shape],
])("the table after %s names exactly the keys that are accepted", (line, keys) => {
  expect(firstColumn(page, line)).toEqual(Object.keys(keys).sort());
});

test("the table of switches has every switch with its positions, the default first", () => {
  const documented = tableAfter(page, "A switch in `switches`:").map(([name, positions = ""]) => ({
    name,
    positions: positions.split(",").map((one) => one.replaceAll("`", "").trim()),
  }));
  const switches = Object.entries(switchesSchema.shape).map(([name, field]) => ({
    name,
    positions: [...field.unwrap().options].map(String),
  }));
  expect(documented).toEqual(switches);
});

test("the table of methods names every method of SimulatorAdministration", () => {
  const rows = tableAfter(page, "## Test your own program");
  const documented = rows.flatMap(([names = ""]) => names.replaceAll("`", "").split(", "));
  const methods = Object.getOwnPropertyNames(simulator.SimulatorAdministration.prototype);
  expect(documented.toSorted()).toEqual(methods.filter((name) => !["constructor", "change"].includes(name)).toSorted());
});

test.each(blocksOf(readPage(page), "json").map((text, index) => [index + 1, text] as const))(
  "the host of scenario %i can be used",
  async (_, text) => {
    await inFolderOf(text, async (path) => {
      expect(await simulator.SimulatorAdministration.open(path).readClock()).toMatch(/Z$/);
    });
  },
);

test("the test of a program passes, and fails when the program calls twice", async () => {
  const [, scenario = ""] = blocksOf(readPage(page), "json");
  const [program = ""] = blocksOf(sectionAfter(readPage(page), "## Test your own program"), "ts");
  await inFolderOf(scenario, async () => {
    await expect(runProgram(program, 1)).resolves.toBeUndefined();
    await expect(runProgram(program, 2)).rejects.toThrow(/toHaveLength/);
  });
});

/** Runs the one test of a program, with a `pulumi` that calls `Resynchronize` so often when it is to refresh. */
async function runProgram(program: string, calls: number): Promise<void> {
  const execFile = Object.assign(() => undefined, {
    [promisify.custom]: async (_: string, args: readonly string[]) => {
      const { id } = await simulator.SimulatorAdministration.open("host.json").readMachine("web01");
      const input = { ComputerSystem: machineRef(id) };
      const call = { kind: "invoke", className: "Msvm_ReplicationService", method: "Resynchronize", input } as const;
      for (let made = 0; made < (args.includes("--refresh") ? calls : 0); made++)
        await SimulatedHost.open("host.json").call(call, { door: "test", user: "operator" });
    },
  });
  const modules: Readonly<Record<string, unknown>> = {
    "node:child_process": { execFile },
    "node:util": { promisify },
    "pulumi-hyperv-replica/simulator": simulator,
  };
  let test: (() => Promise<void>) | undefined;
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const run = compileFunction(outputText, ["require", "exports", "it", "expect"]) as (...values: unknown[]) => void;
  run(
    (name: string) => modules[name],
    {},
    (_: string, body: () => Promise<void>) => (test = body),
    expect,
  );
  await test?.();
}

async function inFolderOf(scenario: string, action: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "testing-page-"));
  const before = process.cwd();
  try {
    const path = join(folder, "host.json");
    writeFileSync(path, scenario);
    process.chdir(folder);
    await action(path);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
}
