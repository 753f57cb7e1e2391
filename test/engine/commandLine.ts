import { parseArgs } from "node:util";
import type { RunOptions } from "./run";

/** What this process was asked to do. */
export type Invocation =
  | ({ readonly kind: "run"; readonly events: string | undefined } & RunOptions)
  | { readonly kind: "cancel"; readonly stack: string; readonly stateFile: string };

/** Shown when the command line cannot be understood. */
export const usage = `usage: engine <command> --cwd <project> --stack <name> --state <file> [options]

  preview, up, refresh, destroy   one run
  cancel                          unlock a stack whose run was killed

  --refresh            with preview, up: read everything again first
  --run-program        with refresh: run the program, with today's configuration
  --config key=value   a value of the stack's configuration; may be repeated
  --secret key=value   the same, encrypted in the state
  --parallel n         how many steps run at a time
  --events file        write what happens, one JSON line each
  --record file        write the messages between engine, program and plugin, one JSON line each`;

/** @throws Error that says what was expected. */
export function parseCommandLine(args: readonly string[]): Invocation {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      cwd: { type: "string", default: "." },
      stack: { type: "string", default: "dev" },
      state: { type: "string" },
      config: { type: "string", multiple: true, default: [] },
      secret: { type: "string", multiple: true, default: [] },
      events: { type: "string" },
      record: { type: "string" },
      parallel: { type: "string" },
      refresh: { type: "boolean", default: false },
      "run-program": { type: "boolean", default: false },
    },
  });
  const [command, ...others] = positionals;
  if (others.length > 0) throw new Error(`expected one command, got "${positionals.join(" ")}"`);
  const { stack, state: stateFile, refresh } = values;
  if (stateFile === undefined) throw new Error("expected --state <file>");
  if (command === "cancel") return { kind: "cancel", stack, stateFile };
  if (command !== "preview" && command !== "up" && command !== "refresh" && command !== "destroy") {
    throw new Error(`expected a command, got "${command ?? ""}"`);
  }
  if (refresh && command !== "up" && command !== "preview") throw new Error(`--refresh does not go with ${command}`);
  const runProgram = values["run-program"];
  if (runProgram && command !== "refresh") throw new Error(`--run-program does not go with ${command}`);
  const { cwd, config, secret, record, events } = values;
  const parallel = parallelOf(values.parallel);
  return { kind: "run", command, refresh, runProgram, cwd, stack, stateFile, config, secret, record, events, parallel };
}

function parallelOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parallel = Number(text);
  if (!Number.isInteger(parallel) || parallel < 1)
    throw new Error(`--parallel: expected a whole number from 1, got "${text}"`);
  return parallel;
}
