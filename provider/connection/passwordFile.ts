import { readFileSync } from "node:fs";
import { ReplicaResyncError } from "../core/errors";
import { messageOf } from "../core/text/messageOf";

/**
 * The password that a file holds: UTF-8, one line, with or without a line break behind it.
 * @throws ReplicaResyncError when the file cannot be read or holds anything else.
 */
export function readPassword(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const bytes = read(path);
  // What `>` of Windows PowerShell writes.
  if (bytes.subarray(0, 2).equals(Buffer.of(0xff, 0xfe))) throw unusable(path, "is UTF-16", "Save it as UTF-8");
  const password = bytes
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .replace(/\r?\n$/, "");
  if (password === "") throw unusable(path, "is empty", "Write the password into its first line");
  if (/[\r\n]/.test(password)) throw unusable(path, "has several lines", "Remove everything but the password");
  return password;
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unusable(
      path,
      `cannot be read: ${messageOf(error)}`,
      "Use a file that the account that runs Pulumi can read",
      error,
    );
  }
}

function unusable(path: string, what: string, remedy: string, cause?: unknown): ReplicaResyncError {
  return new ReplicaResyncError("REFUSED", `connection.passwordFile: ${path} ${what}`, { remedy, cause });
}
