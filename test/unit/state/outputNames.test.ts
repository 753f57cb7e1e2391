import { readFileSync } from "node:fs";
import path from "node:path";
import { outputNames } from "../../../provider/state/outputNames";
import { stateSchema } from "../../../provider/state/stateSchema";

const root = path.join(__dirname, "..", "..", "..");

/** The properties that the class declares beside the input that it shows. */
function declaredOutputs(): readonly string[] {
  const text = readFileSync(path.join(root, "provider", "replicaResync.ts"), "utf8");
  const declared = [...text.matchAll(/^ {2}declare readonly (\w+): pulumi\.Output</gm)].map(([, name = ""]) => name);
  return declared.filter((name) => name !== "vm");
}

test("each output has one name", () => {
  expect(new Set(outputNames).size).toBe(outputNames.length);
});

test("the schema of the state has every output, and only these", () => {
  expect(Object.keys(stateSchema.shape).toSorted()).toEqual([...outputNames].toSorted());
});

test("the class declares every output in the order of the list, and only these", () => {
  expect(declaredOutputs()).toEqual(outputNames);
});
