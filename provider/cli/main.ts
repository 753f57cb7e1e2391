#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readArguments, UsageError } from "./arguments";
import { helpText } from "./help";
import { writeScenario } from "./writeScenario";
import { simulate } from "./simulate";
import { CommandError, type Output } from "./command";

/** Source of the number: `EX_USAGE` is 64, but shells and most tools use 2 for wrong arguments. */
const exitCode = { failed: 1, usage: 2 } as const;

const output: Output = {
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`hyperv-replica: ${line}\n`),
};

async function run(args: readonly string[]): Promise<void> {
  const command = readArguments(args);
  switch (command.kind) {
    case "help":
      process.stdout.write(helpText);
      return;
    case "version":
      output.out(packageVersion());
      return;
    case "scenario":
      writeScenario(command.file, output);
      return;
    case "simulate": {
      // Asked to stop while it opens: it stops as soon as it is open.
      const stopped = signalled();
      const door = await simulate(command.options, output);
      await stopped;
      await door.close();
    }
  }
}

/** Resolves with the first signal; a second one ends the process as if nobody listened. */
async function signalled(): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}

function packageVersion(): string {
  const text = readFileSync(join(__dirname, "../../package.json"), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

run(process.argv.slice(2)).catch((error: unknown) => {
  const isUsage = error instanceof UsageError;
  const isExpected = isUsage || error instanceof CommandError;
  output.error(isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (isUsage) process.stderr.write("Try: hyperv-replica --help\n");
  process.exitCode = isUsage ? exitCode.usage : exitCode.failed;
});
