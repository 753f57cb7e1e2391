import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Distributions keep servers in folders that only root's `PATH` has. */
export const pathWithServers = [process.env["PATH"], "/usr/local/sbin", "/usr/sbin", "/sbin"].join(delimiter);

/** The whole path of a program that is on `PATH` or among the servers. */
export function findProgram(name: string): string | undefined {
  const folders = pathWithServers.split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** What matches in what the program prints; its exit code does not count: an old sshd has no option for its version. */
export function versionPrinted(program: string, args: readonly string[], version: RegExp): string | undefined {
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: 60_000 });
  // Nothing at all where there is no such program, against the type.
  const printed = [stdout as string | null, stderr as string | null].join("\n");
  return version.exec(printed)?.[0];
}
