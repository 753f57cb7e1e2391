import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeScenario } from "../../../provider/cli/writeScenario";
import { CommandError } from "../../../provider/cli/command";
import { scenarioSchema } from "../../../provider/simulator/scenario/scenarioSchema";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scenario-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(file: string): readonly string[] {
  const lines: string[] = [];
  writeScenario(file, {
    out: (line) => lines.push(line),
    error: (line) => {
      throw new Error(line);
    },
  });
  return lines;
}

test("writes a scenario that the simulated host accepts, and names its host and its VMs", () => {
  const file = join(folder, "host.json");
  const lines = write(file);
  const { name, machines } = scenarioSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const [web01, db01, app01] = machines.map((machine) => machine.name);
  expect(lines).toEqual([
    `Wrote ${file}: the simulated Hyper-V host ${name} with the VMs ${web01}, ${db01} and ${app01}.`,
  ]);
});

test("writes the scenario of the quickstart", () => {
  const file = join(folder, "host.json");
  write(file);
  const quickstart = join(__dirname, "..", "..", "..", "examples", "quickstart", "scenario.json");
  expect(readFileSync(file, "utf8")).toBe(readFileSync(quickstart, "utf8"));
});

test("does not overwrite an existing file", () => {
  const file = join(folder, "host.json");
  writeFileSync(file, "somebody's own");
  expect(() => write(file)).toThrow(CommandError);
  expect(() => write(file)).toThrow(`cannot write ${file}: it exists already`);
  expect(readFileSync(file, "utf8")).toBe("somebody's own");
});

test("says why a file cannot be written", () => {
  const file = join(folder, "nowhere", "host.json");
  expect(() => write(file)).toThrow(/^cannot write .*host\.json: ENOENT/);
});
