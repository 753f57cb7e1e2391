// Builds dist/. With --if-changed only when the sources, or dist/ itself, are not what the last build left.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const scripts = "transports/powershell/scripts";
const sources = ["provider", "tsconfig.json", "tsconfig.build.json", "package-lock.json", ".ci/build.mjs"];
const keyFile = path.join(root, ".build", "dist.key");

if (!process.argv.includes("--if-changed") || !existsSync(keyFile) || readFileSync(keyFile, "utf8") !== key()) build();

function build() {
  rmSync(path.join(root, "dist"), { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  cpSync(path.join(root, "provider", scripts), path.join(root, "dist", scripts), { recursive: true });
  mkdirSync(path.dirname(keyFile), { recursive: true });
  writeFileSync(keyFile, key());
}

/** Of every byte that goes into dist/, and of every byte in it. */
function key() {
  const hash = createHash("sha256");
  for (const file of [...sources, "dist"].flatMap(filesOf)) {
    const bytes = readFileSync(path.join(root, file));
    hash.update(`${file} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

function filesOf(name) {
  const from = path.join(root, name);
  if (!existsSync(from)) return [];
  if (!statSync(from).isDirectory()) return [name];
  const entries = readdirSync(from, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return files.map((file) => path.relative(root, file)).sort();
}
