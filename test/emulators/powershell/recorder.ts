import { appendFileSync } from "node:fs";

/** The variables that this package's client may set for its PowerShell; everything else was in the environment before. */
const ours = ["TERM", "NO_COLOR", "NODE_POWERSHELL", "POWERSHELL_TELEMETRY_OPTOUT", "POWERSHELL_UPDATECHECK"];

/** Writes down what reaches the process, so that a test can prove what does not. */
export class Recorder {
  constructor(private readonly path: string | undefined) {}

  /** What the process was started with. */
  begin(): void {
    const { pid, argv, env } = process;
    const names = Object.keys(env).toSorted();
    const isOurs = (name: string): boolean => ours.includes(name) || name.startsWith("HVR_");
    const values = Object.fromEntries(names.filter(isOurs).map((name) => [name, env[name]]));
    this.add(JSON.stringify({ pid, argv: argv.slice(2), names, ours: values }));
  }

  /** A line of stdin as it came. */
  add(line: string): void {
    if (this.path !== undefined) appendFileSync(this.path, `${line}\n`);
  }
}
