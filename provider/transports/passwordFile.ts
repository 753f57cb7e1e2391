import { readFileSync } from "node:fs";
import { PreconditionError } from "../core/errors";

/**
 * The password that a file holds, without the line break at its end.
 * @throws PreconditionError when the file cannot be read or holds none.
 */
export function readPassword(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const password = read(path).replace(/\r?\n$/, "");
  if (password !== "") return password;
  throw new PreconditionError(`connection.passwordFile: ${path} is empty`, {
    remedy: "Put the password into its first line",
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PreconditionError(`connection.passwordFile: cannot be read: ${why}`, {
      cause: error,
      remedy: "Name a file that the Pulumi program's user can read",
    });
  }
}
