import { BuiltInDriver } from "./builtInDriver";
import { openProgram, type SampleProject } from "./sampleProject";

const opened: { readonly project: SampleProject; readonly stack: BuiltInDriver }[] = [];

/** A stack of the built-in engine for a program, or a project, made for one test. */
export function openStack(program: string | SampleProject): BuiltInDriver {
  const project = typeof program === "string" ? openProgram(program) : program;
  const stack = new BuiltInDriver({ directory: project.directory });
  opened.push({ project, stack });
  return stack;
}

/** Ends and removes what {@link openStack} has opened: for `afterEach`. */
export async function closeStacks(): Promise<void> {
  for (const { project, stack } of opened.splice(0)) {
    await stack.dispose();
    project.remove();
  }
}

/**
 * Text of a class `Thing`, whose provider does nothing unless a method is given: `{ create: "async (inputs) => ..." }`.
 * Inputs are also outputs; the id is the input `name`.
 */
export function thingClass(methods: Readonly<Record<string, string>> = {}): string {
  const all = {
    create: "async (inputs) => ({ id: inputs.name, outs: inputs })",
    update: "async (id, olds, news) => ({ outs: news })",
    diff: "async (id, olds, news) => ({ changes: olds.size !== news.size })",
    ...methods,
  };
  const provider = Object.entries(all).map(([name, method]) => `${name}: ${method}`);
  return `
const provider = { ${provider.join(", ")} };
class Thing extends pulumi.dynamic.Resource {
  constructor(name, args, opts) { super(provider, name, { name, ...args }, opts, "test", "Thing"); }
}`;
}
