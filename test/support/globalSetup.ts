import path from "node:path";
import { bundlePrograms } from "./programs/bundlePrograms";
import { root } from "./programs/programs";
import { warmCompileCache } from "./programs/warmCompileCache";

/** Once before all tests: what all of them share, the workers through the environment. */
async function setUp(): Promise<void> {
  // Inherited by every process that a test starts: compiling the SDK is a third of a plugin's start.
  const compileCache = (process.env["NODE_COMPILE_CACHE"] ??= path.join(root, ".build", "compile-cache"));
  // One for all files with random cases: another one every time, but the same where a change waits to land.
  const seed = (process.env["PROPERTY_SEED"] ??= String(process.env["CI"] ? 1 : Date.now() % 0x7fff_ffff));
  const runs = process.env["PROPERTY_RUNS"];
  if (runs !== undefined) process.stdout.write(`PROPERTY_SEED=${seed} PROPERTY_RUNS=${runs}\n`);
  await bundlePrograms();
  warmCompileCache(compileCache);
}

// The form in which jest takes it without a default export.
export = setUp;
