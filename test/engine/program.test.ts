import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openProject } from "./driver/sampleProject";
import { closeStacks, openStack, thingClass } from "./driver/stack";

afterEach(closeStacks);

test("runs a TypeScript program in a folder of its own, with configuration and its own idea of parallelism", async () => {
  const program = `
    import * as pulumi from "@pulumi/pulumi";
    interface Typed { readonly wrong: string }
    const typed: Typed = { wrong: 1 } as unknown as Typed;
    const config = new pulumi.Config();
    export const seen = {
      typed, name: config.require("name"), cwd: process.cwd().endsWith("app"), parallel: process.env.PULUMI_NODEJS_PARALLEL,
      hidden: config.requireSecret("token"),
    };`;
  const project = openProject((directory) => {
    writeFileSync(path.join(directory, "Pulumi.yaml"), "name: test\nruntime: nodejs\nmain: app\n");
    mkdirSync(path.join(directory, "app"));
    writeFileSync(path.join(directory, "app", "index.ts"), program);
  });
  const stack = openStack(project);
  await stack.setConfig("name", "value");
  await stack.setConfig("token", "hush", { secret: true });
  const { exitCode, output } = await stack.up({ parallel: 3 });
  expect(output).toContain('name: "value"');
  expect(output).toContain("cwd: true");
  expect(output).toContain('parallel: "3"');
  expect(output).toContain("[secret]");
  expect(output).not.toContain("hush");
  expect(exitCode).toBe(0);
});

test("what program and plugin print and log is shown where it belongs", async () => {
  const create = `async (inputs) => {
    console.log("printed by the plugin");
    const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb");
    const { LogRequest } = require("@pulumi/pulumi/proto/engine_pb");
    const grpc = require(require.resolve("@grpc/grpc-js", { paths: [require.resolve("@pulumi/pulumi")] }));
    const engine = new EngineClient(process.argv.at(-1), grpc.credentials.createInsecure());
    const line = new LogRequest().setSeverity(1).setUrn(inputs.self).setMessage("half way").setEphemeral(true);
    await new Promise((resolve, reject) => engine.log(line, (error) => (error ? reject(error) : resolve())));
    engine.close();
    return { id: inputs.name, outs: inputs };
  }`;
  const type = "pulumi-nodejs:dynamic/test:Thing";
  const stack = openStack(`${thingClass({ create })}
    console.log("printed by the program");
    pulumi.log.warn("careful");
    new Thing("a", { self: pulumi.createUrn("a", "${type}") });`);
  const { exitCode, output } = await stack.up();
  expect(output).toMatch(/\+ {2}pulumi-nodejs:dynamic\/test:Thing a creating \(\ds\) half way/);
  const diagnostics = output.slice(output.indexOf("Diagnostics:"));
  for (const text of ["printed by the program", "printed by the plugin", "warning: careful"])
    expect(diagnostics).toContain(text);
  expect(diagnostics).not.toContain("half way");
  expect(exitCode).toBe(0);
});

test("an unknown value stays unknown through a preview and is never asked for", async () => {
  const check = "async (olds, news) => ({ inputs: { ...news, seen: typeof news.needs } })";
  const stack = openStack(`${thingClass({ check })}
    const first = new Thing("first", {});
    const second = new Thing("second", { needs: first.id, list: [first.id], hidden: pulumi.secret(first.id) });
    exports.id = second.id;`);
  const { exitCode, output } = await stack.preview();
  expect(output).toContain("id: [unknown]");
  expect(output).toContain("+ 3 to create");
  expect(exitCode).toBe(0);
  expect((await stack.up()).output).toContain('id: "second"');
});

test("a preview of a replacement shows all its steps and changes nothing", async () => {
  const diff =
    'async (id, olds, news) => ({ changes: olds.size !== news.size, replaces: olds.size !== news.size ? ["size"] : [] })';
  const stack = openStack(`${thingClass({ diff })} new Thing("a", { size: Number(process.env.SIZE) });`);
  await stack.up({ env: { SIZE: "1" } });
  const before = await stack.exportState();
  const { output } = await stack.preview({ env: { SIZE: "2" } });
  for (const text of ["++", "+-", "--"]) expect(output).toContain(` ${text} pulumi-nodejs:dynamic/test:Thing a `);
  expect(output).toContain("+-1 to replace");
  expect((await stack.exportState()).deployment.resources).toEqual(before.deployment.resources);
});
