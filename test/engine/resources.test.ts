import { closeStacks, openStack, thingClass } from "./driver/stack";
import type { ResourceState } from "./state";
import { nameOf } from "./urn";

afterEach(closeStacks);

test("components, parents, dependencies and timeouts are kept; deletes go against the order of dependencies", async () => {
  const deleting = 'async (id) => { console.log("deleting " + id); }';
  const stack = openStack(`${thingClass({ delete: deleting })}
    class Group extends pulumi.ComponentResource {
      constructor(name) { super("test:index:Group", name, {}, {}); this.registerOutputs({ made: true }); }
    }
    if (process.env.EMPTY !== "1") {
      const group = new Group("g");
      const first = new Thing("first", {}, { parent: group, customTimeouts: { create: "1m" } });
      new Thing("second", {}, { dependsOn: [first] });
    }`);
  expect((await stack.up()).output).toContain("+ 4 created");
  const { resources = [] } = (await stack.exportState()).deployment as { resources?: readonly ResourceState[] };
  const byName = new Map(resources.map((resource) => [nameOf(resource.urn), resource]));
  expect(byName.get("g")).toMatchObject({ custom: false, outputs: { made: true } });
  expect(byName.get("first")?.urn).toBe(
    "urn:pulumi:dev::test::test:index:Group$pulumi-nodejs:dynamic/test:Thing::first",
  );
  expect(byName.get("first")?.parent).toBe(byName.get("g")?.urn);
  expect(byName.get("second")?.dependencies).toEqual([byName.get("first")?.urn]);

  expect((await stack.up()).output).toContain("4 unchanged");
  const { output } = await stack.up({ env: { EMPTY: "1" } });
  const order = ["deleting second", "deleting first", "Group g deleted"].map((text) => output.indexOf(text));
  expect(order).toEqual(order.toSorted((one, other) => one - other));
  expect(order).not.toContain(-1);
  expect((await stack.exportState()).deployment.resources).toHaveLength(1);
});

test("an alias takes over the resource under its new name", async () => {
  const stack = openStack(`${thingClass()} new Thing(process.env.NAME, {}, { aliases: [{ name: "old" }] });`);
  await stack.up({ env: { NAME: "old" } });
  const { output } = await stack.up({ env: { NAME: "new" } });
  expect(output).toContain("2 unchanged");
  const { resources } = (await stack.exportState()).deployment;
  expect(resources?.map(({ urn }) => nameOf(urn))).toEqual(["test-dev", "default", "new"]);
});

test("a resource that fails stops what has not begun, not what is under way", async () => {
  const create = `async (inputs) => {
    if (inputs.name === "bad") throw new Error("refused");
    await new Promise((r) => setTimeout(r, 1000));
    return { id: inputs.name, outs: inputs };
  }`;
  const stack = openStack(`${thingClass({ create })}
    const slow = new Thing("slow", {});
    new Thing("bad", {});
    new Thing("later", { needs: slow.id });`);
  const { exitCode, output } = await stack.up();
  expect(exitCode).toBe(255);
  expect(output).toMatch(/Thing slow created \(1s\)/);
  expect(output).not.toContain("Thing later");
  const events = stack.events();
  const cancel = events.findIndex(({ type }) => type === "cancel");
  const slowDone = events.findIndex(
    (event) => event.type === "step" && event.phase === "done" && event.urn.endsWith("::slow"),
  );
  expect(cancel).toBeGreaterThan(slowDone);
});

test("a read that throws fails the whole up with refresh; nothing is updated", async () => {
  const read =
    'async (id, props) => { if (id === "bad") throw new Error("unreadable"); return { id, props: { ...props, seen: true } }; }';
  const stack = openStack(
    `${thingClass({ read })} for (const n of ["good", "bad"]) new Thing(n, { size: Number(process.env.SIZE) });`,
  );
  await stack.up({ env: { SIZE: "1" } });
  const { exitCode, output } = await stack.up({ refresh: true, env: { SIZE: "2" } });
  expect(exitCode).toBe(255);
  expect(output).toContain("error: unreadable");
  expect(output).not.toContain("updating");
  const { resources = [] } = (await stack.exportState()).deployment;
  expect(resources.find(({ id }) => id === "good")?.outputs).toMatchObject({ size: 1, seen: true });
  expect(resources.find(({ id }) => id === "bad")?.outputs).toMatchObject({ size: 1 });
});

test("a program that throws fails the run with its own words and deletes nothing", async () => {
  const stack = openStack(
    `${thingClass()} if (process.env.FAIL === "1") throw new Error("oh no"); new Thing("a", {});`,
  );
  await stack.up();
  const { exitCode, output } = await stack.up({ env: { FAIL: "1" } });
  expect(exitCode).toBe(255);
  expect(output).toContain("oh no");
  expect((await stack.exportState()).deployment.resources?.map(({ id }) => id)).toContain("a");
});

test("as many steps as asked for run at a time", async () => {
  const create = `async (inputs) => {
    globalThis.running = (globalThis.running ?? 0) + 1;
    const most = globalThis.running;
    await new Promise((r) => setTimeout(r, 300));
    globalThis.running -= 1;
    return { id: inputs.name, outs: { ...inputs, most } };
  }`;
  const stack = openStack(`${thingClass({ create })} for (const n of ["a", "b", "c", "d"]) new Thing(n, {});`);
  await stack.up({ parallel: 2 });
  const { resources = [] } = (await stack.exportState()).deployment;
  expect(Math.max(...resources.map(({ outputs }) => Number(outputs?.["most"] ?? 0)))).toBe(2);
});
