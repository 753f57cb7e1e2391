const prefix = "# stand-in: begin again with ";

/**
 * The line that has a stand-in begin again with another control file, as if it were a new process: its start takes longer
 * than most tests. For PowerShell it would be a comment, and no client sends it.
 */
export function resetLine(controlPath: string): string {
  return prefix + Buffer.from(controlPath).toString("base64");
}

/** The control file that such a line names. */
export function controlInReset(line: string): string | undefined {
  return line.startsWith(prefix) ? Buffer.from(line.slice(prefix.length), "base64").toString() : undefined;
}
