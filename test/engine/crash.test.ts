import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { closeStacks, openStack, thingClass } from "./driver/stack";

afterEach(closeStacks);

const slow =
  "async (inputs) => { await new Promise((r) => setTimeout(r, inputs.ms ?? 0)); return { id: inputs.name, outs: inputs }; }";
const program = `${thingClass({ create: slow })} new Thing("a", { ms: Number(process.env.MS) });`;

test("a killed engine leaves its state whole, a pending operation and a locked stack; cancel and up go on from there", async () => {
  const stack = openStack(program);
  const run = stack.start("up", { env: { MS: "60000" } });
  await run.waitForLine(/Thing a creating/);
  run.kill();
  await run.result;

  const { deployment } = await stack.exportState();
  expect(deployment.resources?.map(({ type }) => type)).toEqual([
    "pulumi:pulumi:Stack",
    "pulumi:providers:pulumi-nodejs",
  ]);
  expect(deployment.pending_operations).toMatchObject([
    { type: "creating", resource: { inputs: { name: "a", ms: 60_000 } } },
  ]);

  const refused = await stack.up({ env: { MS: "0" } });
  expect(refused.exitCode).toBe(255);
  expect(refused.output).toContain("the stack is currently locked by 1 lock(s)");
  expect(refused.output).toContain("`cancel`");

  expect((await stack.cancel()).exitCode).toBe(0);
  const resumed = await stack.up({ env: { MS: "0" } });
  expect(resumed.exitCode).toBe(0);
  expect(resumed.output).toContain("1 pending operations from previous deployment");
  expect((await stack.exportState()).deployment.resources?.map(({ id }) => id)).toContain("a");
});

test("a plugin does not notice that its engine was killed; who drives the engine ends it", async () => {
  const stack = openStack(program);
  const run = stack.start("up", { env: { MS: "60000" } });
  const pluginPid = await run.pluginPid();
  await run.waitForLine(/Thing a creating/);
  run.kill();
  await run.result;
  expect(isAlive(pluginPid)).toBe(true);
  await stack.dispose();
  while (isAlive(pluginPid)) await new Promise((r) => setTimeout(r, 20));
  expect(isAlive(pluginPid)).toBe(false);
});

test("a run leaves neither lock nor temporary files behind, whether it ends well or not", async () => {
  const stack = openStack(`${thingClass({ create: 'async () => { throw new Error("no"); }' })} new Thing("a", {});`);
  expect((await stack.up()).exitCode).toBe(255);
  expect((await stack.destroy()).exitCode).toBe(0);
  expect(readdirSync(stack.folder).sort()).toEqual(["events.jsonl", "state.json"]);
});

test("a preview writes no state and needs no lock", async () => {
  const stack = openStack(program);
  expect((await stack.preview({ env: { MS: "0" } })).exitCode).toBe(0);
  expect(existsSync(stack.stateFile)).toBe(false);
  expect(readdirSync(path.dirname(stack.stateFile))).toEqual(["events.jsonl"]);
  expect(readFileSync(path.join(stack.folder, "events.jsonl"), "utf8")).toContain('"op":"create"');
});

/** A process that has ended but was not waited for by its parent yet is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/stat`;
  return !existsSync(status) || !/\) [ZX] /.test(readFileSync(status, "utf8"));
}
