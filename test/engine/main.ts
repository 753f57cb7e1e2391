import { parseCommandLine, usage, type Invocation } from "./commandLine";
import { Display } from "./display";
import { Events, writeEventsTo } from "./events";
import { failureExitCode } from "./interrupts";
import { Lock } from "./lock";
import { run } from "./run";
import { styleFor, wantsColour } from "./style";

/** A stand-in for the `pulumi` CLI, for this project's own programs and tests. */
async function main(args: readonly string[]): Promise<number> {
  let invocation: Invocation;
  try {
    invocation = parseCommandLine(args);
  } catch (error) {
    process.stderr.write(`error: ${messageOf(error)}\n\n${usage}\n`);
    return failureExitCode;
  }
  try {
    return await perform(invocation);
  } catch (error) {
    process.stderr.write(`error: ${messageOf(error)}\n`);
    return failureExitCode;
  }
}

async function perform(invocation: Invocation): Promise<number> {
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  switch (invocation.kind) {
    case "cancel":
      new Lock(invocation.stateFile).release();
      write(`The currently running update for '${invocation.stack}' has been canceled!`);
      return 0;
    case "run": {
      const events = new Events();
      const display = new Display(invocation.stack, write, styleFor(wantsColour(process.stdout, process.env)));
      events.listen((event) => {
        display.show(event);
      });
      if (invocation.events !== undefined) events.listen(writeEventsTo(invocation.events));
      return (await run(invocation, events)) === "succeeded" ? 0 : failureExitCode;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

void main(process.argv.slice(2)).then((code) => process.stdout.write("", () => process.exit(code)));
