import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const root = resolve(__dirname, "../../../..");

const folder = join(root, "provider", "transports", "powershell", "scripts");

/** The scripts, each by its path in their folder. */
export const scriptNames: readonly string[] = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
  .sort();

/** The bytes of a script. */
export function scriptBytes(name: string): Buffer {
  return readFileSync(join(folder, name));
}

/** All files of a folder of the repository, its subfolders included, by their path in it. */
export function filesUnder(path: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(join(root, path), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.sort().map((file) => [file.slice(join(root, path).length + 1), readFileSync(file)]));
}
