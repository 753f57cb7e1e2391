import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const root = path.join(__dirname, "..", "..");
const folder = path.join(root, ".github", "workflows");

const step = z.union([
  z.strictObject({ uses: z.string(), with: z.record(z.string(), z.unknown()).optional() }),
  z.strictObject({ name: z.string().optional(), run: z.string() }),
]);
const workflowShape = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.object({}).loose().optional(),
  jobs: z.record(
    z.string(),
    z.object({ "runs-on": z.string(), "timeout-minutes": z.int(), if: z.string().optional(), steps: z.array(step) }),
  ),
});

const workflows = readdirSync(folder).map(
  (file) => [file, workflowShape.parse(parse(readFileSync(path.join(folder, file), "utf8")))] as const,
);
const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

/** The npm scripts that a text of commands runs. */
function scriptsIn(commands: string): string[] {
  return [...commands.matchAll(/\bnpm (?:run (?:--silent )?(\S+)|(test|start)\b)/g)].map(
    ([, run, short]) => run ?? short ?? "",
  );
}

it.each(workflows)("%s runs scripts and files that exist", (_, { jobs }) => {
  const commands = Object.values(jobs).flatMap(({ steps }) => steps.flatMap((one) => ("run" in one ? one.run : [])));
  const named = commands.flatMap(scriptsIn);
  const files = commands.flatMap((text) => [...text.matchAll(/\bbash (\S+)/g)].map(([, file]) => file ?? ""));
  expect(named.length + files.length).toBeGreaterThan(0);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

it.each(workflows)(
  "%s may read the repository and nothing else, with actions of a fixed major version",
  (_, workflow) => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    const actions = Object.values(workflow.jobs).flatMap(({ steps }) =>
      steps.flatMap((one) => ("uses" in one ? one.uses : [])),
    );
    expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@v\d+$/.test(action))).toEqual([]);
  },
);

it.each(workflows)("a job of %s that waits for one schedule names one that there is", (_, { on, jobs }) => {
  const crons = z.array(z.object({ cron: z.string() })).parse(on["schedule"] ?? []);
  const named = Object.values(jobs).flatMap(({ if: condition = "" }) =>
    [...condition.matchAll(/schedule [!=]= '([^']+)'/g)].map(([, cron]) => cron ?? ""),
  );
  expect(named.filter((cron) => !crons.some((one) => one.cron === cron))).toEqual([]);
});

it("every step of .ci/run is a script that exists", () => {
  const named = scriptsIn(readFileSync(path.join(root, ".ci", "run"), "utf8"));
  expect(named).toContain("check:api");
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});
