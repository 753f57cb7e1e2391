import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileHistory, readControl } from "../../../emulators/powershell/controlFile";
import { faultSchema, FaultPlan, MemoryHistory, type FaultInput } from "../../../emulators/powershell/faults";

const folder = mkdtempSync(join(tmpdir(), "stand-in-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const planOf = (faults: readonly FaultInput[], history = new MemoryHistory()): FaultPlan =>
  new FaultPlan(
    faults.map((fault) => faultSchema.parse(fault)),
    history,
  );
const kinds = (plan: FaultPlan, commands: readonly string[]) => commands.map((command) => plan.take(command)?.kind);

test("a fault is due after so many of its own commands, and so many times", () => {
  const plan = planOf([{ kind: "cutReply", command: "a", after: 1, times: 2 }]);
  expect(kinds(plan, ["a", "b", "a", "a", "a"])).toEqual([undefined, undefined, "cutReply", "cutReply", undefined]);
});

test("any command counts for a star, the scripts too, the start of the process not", () => {
  const plan = planOf([{ kind: "dieAfter", after: 1 }]);
  expect(kinds(plan, ["start", "load", "start", "a", "b"])).toEqual([
    undefined,
    undefined,
    undefined,
    "dieAfter",
    undefined,
  ]);
});

test("of two that are due the first in the list is taken, and the other one is used up as well", () => {
  const plan = planOf([{ kind: "garbage", command: "a" }, { kind: "warnings" }]);
  expect(kinds(plan, ["a", "a"])).toEqual(["garbage", undefined]);
});

test("processes of one control file count together", () => {
  const path = join(folder, "together.json");
  const faults = [faultSchema.parse({ kind: "dieBefore", command: "a" })];
  const [one, other] = [new FileHistory(path), new FileHistory(path)].map((history) => new FaultPlan(faults, history));
  expect([one?.take("a")?.kind, other?.take("a")?.kind, one?.take("a")?.kind]).toEqual([
    "dieBefore",
    undefined,
    undefined,
  ]);
});

test.each([
  [undefined, "names no control file"],
  [join(folder, "missing.json"), "ENOENT"],
  [{ scenario: "x", fault: [] }, "fault"],
  [{ scenario: "x", faults: [{ kind: "dies" }] }, "kind"],
  [{ scenario: "x", faults: [{ kind: "slow", delayMs: 1e9 }] }, "delayMs"],
])("refuses the control file %j", (given, why) => {
  const path = typeof given === "object" ? join(folder, "bad.json") : given;
  if (path !== undefined && typeof given === "object") writeFileSync(path, JSON.stringify(given));
  expect(() => readControl(path)).toThrow(why);
});
