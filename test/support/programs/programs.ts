import path from "node:path";

/** The root of the repository. */
export const root = path.join(__dirname, "..", "..", "..");

/** The programs that tests start as separate processes: the entry file of each, relative to the root. */
export const programs = {
  engine: "test/engine/main.ts",
  powershell: "test/emulators/powershell/main.ts",
  cimLineServer: "test/emulators/cimCmdlets/lineServer.ts",
  peerClient: "test/peers/front/clientMain.ts",
  callInALoop: "test/unit/simulator/files/callInALoop.ts",
  cli: "provider/cli/main.ts",
  start: "examples/start.ts",
} as const;

/** The name of a program that tests start. */
export type ProgramName = keyof typeof programs;

/** Where the bundles are; removing it costs only the time to make them again. */
export const bundleFolder = path.join(root, ".build", "programs");

/** The bundle of a program, for `node`. The jest configuration makes all of them before the first test. */
export function programFile(name: ProgramName): string {
  return path.join(bundleFolder, `${name}.js`);
}

/** The environment of a run of the built-in engine, and of what it starts: see `lazyPackages.cjs`. */
export function quickStart(env: NodeJS.ProcessEnv): { readonly NODE_OPTIONS: string } {
  const preload = `--require ${JSON.stringify(path.join(__dirname, "lazyPackages.cjs"))}`;
  return { NODE_OPTIONS: [env["NODE_OPTIONS"], preload].filter(Boolean).join(" ") };
}
