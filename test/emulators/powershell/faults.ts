import { z } from "zod";

/** The longest pause: a stand-in that no test waits for any more must not stay for ever. */
const longestPauseMs = 120_000;

const when = {
  /**
   * The command that runs into it: a function's name, `load` (the scripts), `start` (the process, before it reads
   * anything) or `*` (any command, `load` too, `start` not).
   */
  command: z.string().min(1).default("*"),
  /** How many of these commands go well first, in all processes of one control file together. Default 0. */
  after: z.int().min(0).default(0),
  /** How many run into it. Default 1. */
  times: z.int().min(1).default(1),
};

const delayMs = z.int().min(0).max(longestPauseMs);

function kind<const Name extends string>(name: Name) {
  return z.strictObject({ kind: z.literal(name), ...when });
}

/** Everything that can go wrong between a client and its PowerShell. */
export const faultSchema = z.discriminatedUnion("kind", [
  /** Killed before the command does anything. */
  kind("dieBefore"),
  /** Killed after the effect, before a byte of the reply. */
  kind("dieAfter"),
  /** Killed in the middle of the reply. */
  kind("dieInReply"),
  /** Ends by itself with this code after the effect, without a reply. */
  kind("exit").extend({ code: z.int().min(0).max(255).default(3) }),
  /** The effect at once, the reply after `delayMs`. */
  kind("lateReply").extend({ delayMs }),
  /** Effect and reply after `delayMs`. */
  kind("slow").extend({ delayMs }),
  /** The reply's line ends in its middle. */
  kind("cutReply"),
  /** Warnings and verbose lines around the reply. */
  kind("warnings"),
  /** Terminal codes around and directly before and behind the reply. */
  kind("escapes"),
  /** This text on stderr, beside a good reply. */
  kind("stderr").extend({ text: z.string().min(1).default("Set-StrictMode: something went wrong") }),
  /** A good reply under an id that was not asked for. */
  kind("foreignId"),
  /** A frame whose content is no base64. */
  kind("notBase64"),
  /** A frame whose content is base64 of bytes that are no text. */
  kind("garbage"),
  /** A reply that is JSON of a wrong shape: `reply`, which takes the place of the envelope. */
  kind("wrongShape").extend({ reply: z.json().default({ ok: "yes", value: [1] }) }),
  /** So many bytes of output before a good reply. */
  kind("noise").extend({ bytes: z.int().min(1).default(40_000_000) }),
  /** From now on the process does not end on SIGTERM; the command itself goes well. */
  kind("ignoreSigterm"),
]);

/** A fault as it is written. */
export type FaultInput = z.input<typeof faultSchema>;
/** A fault with its defaults filled in. */
export type Fault = z.output<typeof faultSchema>;

/** The commands that were given so far. */
export interface CommandHistory {
  /** Adds a command. @returns the ones before it, in order. */
  add(command: string): readonly string[];
}

/** The history of one process, or of several that are objects of the same one. */
export class MemoryHistory implements CommandHistory {
  #commands: readonly string[] = [];

  add(command: string): readonly string[] {
    const before = this.#commands;
    this.#commands = [...before, command];
    return before;
  }
}

/** Which command runs into which fault. */
export class FaultPlan {
  constructor(
    private readonly faults: readonly Fault[],
    private readonly history: CommandHistory,
  ) {}

  /** The fault that this command runs into, if there is one: the first in the list whose turn it is. */
  take(command: string): Fault | undefined {
    // Without faults the history is never asked for, and long runs stay cheap.
    if (this.faults.length === 0) return undefined;
    const before = this.history.add(command);
    return this.faults.find((fault) => {
      if (!isMeant(fault, command)) return false;
      const nth = before.filter((one) => isMeant(fault, one)).length;
      return nth >= fault.after && nth < fault.after + fault.times;
    });
  }
}

function isMeant({ command }: Fault, name: string): boolean {
  return command === name || (command === "*" && name !== "start");
}
