import { scenarioSchema } from "../../provider/simulator/scenario/scenarioSchema";
import { scriptSchema } from "../../provider/simulator/scenario/script";
import { switchesSchema } from "../../provider/simulator/scenario/switches";
import { firstColumn, tableAfter } from "../e2e/pages/page";

const page = "docs/testing.md";

test.each([
  ["## Scenario", scenarioSchema.shape],
  ["A VM:", scenarioSchema.shape.machines.unwrap().element.shape],
  ["A script in `resync`:", scriptSchema.shape],
])("the table after %s names exactly the keys that are accepted", (line, shape) => {
  expect(firstColumn(page, line)).toEqual(Object.keys(shape).sort());
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
