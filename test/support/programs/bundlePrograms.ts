import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { bundleFolder, programFile, type ProgramName, programs, root } from "./programs";

/**
 * The SDK, and what it exchanges objects with, have to be the copies that the SDK itself loads; this package is the one
 * that users install. Everything else goes into the bundle: finding a package's files takes longer than running them.
 */
const external = ["@pulumi/pulumi", "@grpc/grpc-js", "google-protobuf", "kerberos", "esbuild", "pulumi-hyperv-replica"];

/** A file of the project finds files beside it from its own folder, wherever the bundle is. */
const ownFolders: Plugin = {
  name: "own-folders",
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const text = readFileSync(file, "utf8");
      const names = { __dirname: path.dirname(file), __filename: file };
      const used = Object.entries(names).filter(([name]) => text.includes(name));
      const own = used.map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
      // After the line that names the interpreter, where there is one.
      return { contents: text.replace(/^(#!.*\n)?/, (line) => line + own.join("")), loader: "ts" };
    });
  },
};

const options = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22",
  external,
  metafile: true,
  write: false,
} satisfies BuildOptions;

/** What is stored beside a bundle: the files that went into it, and the key of all that it was made from. */
interface Origin {
  readonly inputs: readonly string[];
  readonly key: string;
}

/** Bundles the programs whose sources have changed since they were bundled last. */
export async function bundlePrograms(
  names: readonly ProgramName[] = Object.keys(programs) as ProgramName[],
): Promise<void> {
  const outdated = names.filter((name) => !isUpToDate(name));
  if (outdated.length === 0) return;
  mkdirSync(bundleFolder, { recursive: true });
  await Promise.all(outdated.map(bundle));
}

async function bundle(name: ProgramName): Promise<void> {
  // Loaded here: most runs find everything up to date.
  const esbuild = await import("esbuild");
  const { outputFiles, metafile } = await esbuild.build({
    ...options,
    entryPoints: [programs[name]],
    plugins: [ownFolders],
  });
  const inputs = Object.keys(metafile.inputs);
  const origin: Origin = { inputs, key: keyOf(inputs) };
  replace(programFile(name), outputFiles[0]?.text ?? "");
  replace(originFile(name), JSON.stringify(origin));
}

function isUpToDate(name: ProgramName): boolean {
  if (!existsSync(programFile(name)) || !existsSync(originFile(name))) return false;
  const { inputs, key } = JSON.parse(readFileSync(originFile(name), "utf8")) as Origin;
  return key === keyOf(inputs);
}

/** A hash of everything that a bundle is made from, including how it is made. */
function keyOf(inputs: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of [...inputs, path.relative(root, __filename)]) {
    const from = path.join(root, file);
    hash.update(`${file}\n`).update(existsSync(from) ? readFileSync(from) : "");
  }
  return hash.digest("hex");
}

function originFile(name: ProgramName): string {
  return `${programFile(name)}.origin.json`;
}

/** Atomically: another run of the tests may be starting the old one. */
function replace(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}
