import { randomUUID } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { z } from "zod";
import { faultSchema, type CommandHistory } from "./faults";
import { StandInError } from "./standInError";

/** The environment variable that names the control file. */
export const controlVariable = "HVR_STAND_IN";

const controlSchema = z.strictObject({
  /** Path of the scenario file of the simulated host. */
  scenario: z.string().min(1),
  /** What goes wrong. Default nothing. */
  faults: z.array(faultSchema).default([]),
  /**
   * Path of a file to which every line of stdin is appended as it came. The first line of each process is JSON: `pid`,
   * `argv`, the `names` of all environment variables, and the values of `ours`.
   */
  record: z.string().min(1).optional(),
  /** What the other side says of itself. */
  handshake: z.strictObject({ protocol: z.int().optional(), psVersion: z.string().optional() }).prefault({}),
});

/** What a stand-in is told, with its defaults filled in. */
export type Control = z.output<typeof controlSchema>;
/** The control file as it is written. */
export type ControlInput = z.input<typeof controlSchema>;

/** Reads the control file that the environment names. */
export function readControl(path: string | undefined): Control {
  if (path === undefined || path === "") throw new StandInError(`${controlVariable} names no control file`);
  try {
    return controlSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new StandInError(`the control file ${path} cannot be used: ${why}`, { cause: error });
  }
}

/** The file beside a control file with everything that its stand-ins did not know; missing as long as all went well. */
export function failuresFile(controlPath: string): string {
  return `${controlPath}.failures.log`;
}

/**
 * The commands of all processes of one control file, so that a fault that is due once does not come again in the process
 * that takes the place of the one it ended. Each line is appended as a whole and found again by its own token.
 */
export class FileHistory implements CommandHistory {
  readonly #path: string;

  constructor(controlPath: string) {
    this.#path = `${controlPath}.commands.log`;
  }

  add(command: string): readonly string[] {
    const own = `${randomUUID()} ${command}`;
    appendFileSync(this.#path, `${own}\n`);
    const lines = readFileSync(this.#path, "utf8").split("\n");
    return lines.slice(0, lines.indexOf(own)).map((line) => line.slice(line.indexOf(" ") + 1));
  }
}
