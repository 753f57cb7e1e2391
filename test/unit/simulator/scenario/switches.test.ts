import { switchesSchema } from "../../../../provider/simulator/scenario/switches";
import { switchCases } from "../../../contract/switchCases";

/** Every switch with its positions, the default first. */
const switches = Object.entries(switchesSchema.shape).map(([name, field]) => ({
  name,
  positions: [...field.unwrap().options].map(String),
}));

test.each(switches)("$name stands in its first position when nothing is said", ({ name, positions }) => {
  expect(switchesSchema.parse({})).toMatchObject({ [name]: positions[0] });
});

test.each(Object.entries(switchCases))(
  "%s: each position has a case, and shows something else",
  (name, { expected }) => {
    const seen = Object.entries<unknown>(expected);
    expect(seen.map(([position]) => position)).toEqual(switches.find((one) => one.name === name)?.positions);
    expect(new Set(seen.map(([, one]) => JSON.stringify(one))).size).toBe(seen.length);
  },
);
