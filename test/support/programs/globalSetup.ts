import path from "node:path";
import { bundlePrograms } from "./bundlePrograms";
import { root } from "./programs";

/** Once before all tests: makes what they start as processes of their own quick to start. */
async function setUp(): Promise<void> {
  // Inherited by every process that a test starts: compiling the SDK is a third of a plugin's start.
  process.env["NODE_COMPILE_CACHE"] ??= path.join(root, ".build", "compile-cache");
  await bundlePrograms();
}

// The form in which jest takes it without a default export.
export = setUp;
