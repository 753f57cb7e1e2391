import { connectionSchema } from "../../provider/connection/fields";
import { variableOf } from "../../provider/connection/fieldNames";
import { errorKinds } from "../../provider/core/errors";
import { jobStates } from "../../provider/core/hyperv/jobState";
import { returnCodes } from "../../provider/core/hyperv/returnCode";
import { inputsSchema } from "../../provider/state/inputs";
import { groupedOutputNames, outputNames } from "../../provider/state/outputNames";
import { firstColumn, tableAfter } from "./pages/page";

function namesOf(shape: object): readonly string[] {
  return Object.keys(shape).sort();
}

it("the tables of inputs and connection fields name exactly those that are accepted", () => {
  expect(firstColumn("README.md", "## Inputs")).toEqual(namesOf(inputsSchema.shape));
  expect(firstColumn("docs/connection.md", "## Fields")).toEqual(namesOf(connectionSchema.shape));
});

it("the table of connection fields gives the configuration key and the environment variable of each", () => {
  const rows = tableAfter("docs/connection.md", "## Fields");
  const expected = Object.keys(connectionSchema.shape).map((field) => [
    `hyperv-replica:${field}`,
    variableOf(field as keyof typeof connectionSchema.shape),
  ]);
  expect(rows.map(([, , , , key, variable]) => [key, variable]).sort()).toEqual(expected.sort());
});

it("the tables of outputs name exactly what a state holds beside the inputs", () => {
  expect(firstColumn("docs/outputs.md", "## At the top")).toEqual([...outputNames].sort());
  for (const [group, names] of Object.entries(groupedOutputNames)) {
    expect(firstColumn("docs/outputs.md", `## \`${group}\``)).toEqual([...names].sort());
  }
});

it("the table of return codes has every code with its name, meaning, remedy and effect", () => {
  const expected = [...returnCodes].map(([code, { name, meaning, remedy, effect }]) => [
    String(code),
    name,
    meaning,
    remedy,
    effect,
  ]);
  expect(expected).toHaveLength(14);
  expect(tableAfter("docs/errors.md", "## Return codes")).toEqual(expected);
});

it("the table of errors has every code", () => {
  const codes = Object.keys(errorKinds);
  expect(codes).not.toHaveLength(0);
  expect(firstColumn("docs/errors.md", "## Codes")).toEqual(codes.sort());
});

it("the table of job states has every state with what it means", () => {
  const expected = [...jobStates].map(([code, { name, isTerminal, isSuccess }]) => [
    String(code),
    name,
    isTerminal ? "yes" : "no",
    isTerminal ? (isSuccess ? "yes" : "no") : "",
  ]);
  expect(expected).toHaveLength(12);
  expect(tableAfter("docs/errors.md", "## Job states")).toEqual(expected);
});
