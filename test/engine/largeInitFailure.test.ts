import { closeStacks, openStack, thingClass } from "./driver/stack";

afterEach(closeStacks);

const failing = `async (inputs) => {
  const properties = { ...inputs, text: "<é> ".repeat(inputs.size) };
  throw Object.assign(new Error("lost " + "ü".repeat(inputs.size)), { id: inputs.name, properties, reasons: ["lost"] });
}`;

test.each([10_000, 200_000])(
  "keeps a resource whose init error carries a text of %d characters times four",
  async (size) => {
    const stack = openStack(`${thingClass({ create: failing })} new Thing("a", { size: ${size} });`);
    const { exitCode } = await stack.up();
    const kept = (await stack.exportState()).deployment.resources?.find(({ id }) => id === "a");
    expect(exitCode).toBe(255);
    expect(kept?.initErrors).toEqual(["lost"]);
    expect(kept?.outputs?.["text"]).toBe("<é> ".repeat(size));
  },
);

test("shows the whole message of an error that is longer than what Node's HTTP/2 takes", async () => {
  const create = `async () => { throw new Error("it is " + "lang, lång und 100 % {schön}; ".repeat(5000) + "over"); }`;
  const stack = openStack(`${thingClass({ create })} new Thing("a", {});`);
  const { output } = await stack.up();
  expect(output).toContain("it is lang, lång und 100 % {schön}; lang");
  expect(output).toContain("{schön}; over");
});
