import { readFileSync } from "node:fs";
import path from "node:path";
import * as lifecycle from "../../provider/lifecycle";
import * as main from "../../provider";
import * as simulator from "../../provider/simulator";

const root = path.join(__dirname, "..", "..");

/** A new name here is a decision: whatever is exported has to be kept. */
it("each entry exports these names and no others", () => {
  expect(Object.keys(main).sort()).toEqual(["ReplicaResync"]);
  expect(Object.keys(lifecycle).sort()).toEqual(["check", "configure", "create", "delete", "diff", "read", "update"]);
  expect(Object.keys(simulator).sort()).toMatchInlineSnapshot(`
    [
      "SimulatorAdministration",
      "SimulatorError",
    ]
  `);
});

it("the package has three entries, and their names stay: the state of every user holds one of them", () => {
  const { exports } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { exports: object };
  expect(Object.keys(exports)).toEqual([".", "./simulator", "./lifecycle", "./package.json"]);
});
