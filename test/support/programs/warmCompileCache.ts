import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { quickStart, root } from "./programs";

/** What a plugin loads. It is ended by a signal, and so never leaves anything in the cache itself. */
const loadAll = `
  require("pulumi-hyperv-replica/lifecycle");
  require("pulumi-hyperv-replica/simulator");
  require("@pulumi/pulumi/cmd/dynamic-provider");
  setImmediate(() => process.exit(0));`;

/** Fills the compile cache with what every plugin loads, once for every build of the package. */
export function warmCompileCache(folder: string): void {
  const buildKey = path.join(root, ".build", "dist.key");
  const marker = path.join(folder, "warmed-for");
  const key = existsSync(buildKey) ? readFileSync(buildKey, "utf8") : "";
  if (key === "" || (existsSync(marker) && readFileSync(marker, "utf8") === key)) return;
  const env = { ...process.env, ...quickStart(process.env), NODE_COMPILE_CACHE: folder };
  spawnSync(process.execPath, ["-e", loadAll, "127.0.0.1:1"], { cwd: root, env, stdio: "ignore" });
  mkdirSync(folder, { recursive: true });
  writeFileSync(marker, key);
}
