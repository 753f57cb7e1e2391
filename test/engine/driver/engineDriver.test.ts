import type { EngineDriver } from "./engineDriver";
import { engines } from "../../support/engines";
import { openProgram, type SampleProject } from "./sampleProject";
import { thingClass } from "./stack";

const methods = {
  create:
    "async (inputs) => { await new Promise((r) => setTimeout(r, inputs.ms)); return { id: inputs.name, outs: inputs }; }",
  diff: "async (id, olds, news) => ({ changes: olds.ms !== news.ms })",
};
const program = `${thingClass(methods)} new Thing("a", { ms: Number(process.env.MS ?? 0), token: new pulumi.Config().requireSecret("token") });`;

describe.each(engines())("on the $name", (engine) => {
  const onEngine = engine.isAvailable ? test : test.skip;
  let project: SampleProject;
  let stack: EngineDriver;
  beforeEach(async () => {
    project = openProgram(program);
    stack = await engine.open({ directory: project.directory });
    await stack.setConfig("token", "hush", { secret: true });
  });
  afterEach(async () => {
    await stack.dispose();
    project.remove();
  });

  onEngine("goes through a stack's life", async () => {
    expect((await stack.preview()).output).toContain("2 to create");
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect((await stack.up({ refresh: true })).output).toContain("2 unchanged");
    const { resources = [] } = (await stack.exportState({ showSecrets: true })).deployment;
    expect(JSON.stringify(resources.find(({ id }) => id === "a")?.inputs?.["token"])).toContain("hush");
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect((await stack.exportState()).deployment.resources ?? []).toEqual([]);
  });

  onEngine("keeps what was under way when it was interrupted", async () => {
    const run = stack.start("up", { env: { MS: "2000" } });
    await run.waitForLine(/Thing a creating/);
    expect(await run.pluginPid()).toBeGreaterThan(0);
    run.interrupt();
    const { exitCode, output } = await run.result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain("update canceled");
    expect((await stack.exportState()).deployment.resources?.map(({ id }) => id)).toContain("a");
  });

  onEngine("says what is waited for and what came instead", async () => {
    await expect(stack.start("preview").waitForLine(/never printed/)).rejects.toThrow(/never printed[^]*2 to create/);
  });
});
