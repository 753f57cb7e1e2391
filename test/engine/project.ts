import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { UnsupportedError } from "./refusals";

const runtimeSchema = z.union([
  z.string().transform((name) => ({ name, options: undefined })),
  z.object({ name: z.string(), options: z.looseObject({ typescript: z.boolean().optional() }).optional() }),
]);
const projectSchema = z.looseObject({ name: z.string(), runtime: runtimeSchema, main: z.string().optional() });
const settingsSchema = z
  .object({ config: z.record(z.string(), z.unknown()).optional() })
  .loose()
  .nullable();

/** What `Pulumi.yaml` says of a program. */
export interface Project {
  readonly name: string;
  readonly rootDirectory: string;
  /** Where program and plugin run, and where their packages are looked for. */
  readonly programDirectory: string;
  /** What to run there: a file name, or `.` for what `package.json` says. */
  readonly entryPoint: string;
  readonly typescript: boolean;
}

/** @throws Error when there is no project, or one that is not for Node. */
export function readProject(directory: string): Project {
  const rootDirectory = path.resolve(directory);
  const file = path.join(rootDirectory, "Pulumi.yaml");
  if (!existsSync(file)) throw new Error(`no Pulumi.yaml in ${rootDirectory}`);
  const { name, runtime, main = "." } = projectSchema.parse(parse(readFileSync(file, "utf8")));
  if (runtime.name !== "nodejs") throw new UnsupportedError(`runtime \`${runtime.name}\``);
  const program = path.resolve(rootDirectory, main);
  const isFile = existsSync(program) && statSync(program).isFile();
  return {
    name,
    rootDirectory,
    programDirectory: isFile ? path.dirname(program) : program,
    entryPoint: isFile ? path.basename(program) : ".",
    typescript: runtime.options?.typescript ?? true,
  };
}

/** The stack's configuration by full key, `namespace:key`. */
export interface StackConfig {
  readonly values: ReadonlyMap<string, string>;
  readonly secretKeys: ReadonlySet<string>;
}

/** Reads `Pulumi.<stack>.yaml`, if there is one, and lays the command line's values over it. */
export function readConfig(
  project: Project,
  stack: string,
  given: { readonly plain: readonly string[]; readonly secret: readonly string[] },
): StackConfig {
  const file = path.join(project.rootDirectory, `Pulumi.${stack}.yaml`);
  const settings = existsSync(file) ? settingsSchema.parse(parse(readFileSync(file, "utf8"))) : undefined;
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(settings?.config ?? {})) {
    if (typeof value === "object" && value !== null && "secure" in value) {
      throw new UnsupportedError(`the encrypted value \`${key}\` in ${path.basename(file)}`);
    }
    values.set(key, typeof value === "string" ? value : JSON.stringify(value));
  }
  const full = (key: string): string => (key.includes(":") ? key : `${project.name}:${key}`);
  const split = (text: string): [string, string] => {
    const at = text.indexOf("=");
    if (at < 1) throw new Error(`expected key=value, got "${text}"`);
    return [full(text.slice(0, at)), text.slice(at + 1)];
  };
  const secrets = given.secret.map(split);
  for (const [key, value] of [...given.plain.map(split), ...secrets]) values.set(key, value);
  return { values, secretKeys: new Set(secrets.map(([key]) => key)) };
}
