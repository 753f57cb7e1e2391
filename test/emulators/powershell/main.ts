import { appendFileSync } from "node:fs";
import { SimulatedHost } from "../../../provider/simulator/forDoors";
import { PowerShellConsole } from "./console";
import { controlVariable, failuresFile, FileHistory, readControl } from "./controlFile";
import { FaultPlan } from "./faults";
import { InputLines } from "./inputLines";
import { localProcess } from "./localProcess";
import { Recorder } from "./recorder";
import { controlInReset } from "./reset";
import { Responder } from "./responder";
import { StandInError, standInExitCode } from "./standInError";

/** Everything that the stand-in was started with and does not know is a mistake in the test. */
function fail(controlPath: string, error: unknown): never {
  const text = `stand-in: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`;
  localProcess.write("stderr", text);
  if (controlPath !== "") appendFileSync(failuresFile(controlPath), text);
  process.exit(standInExitCode);
}

/** `-NoExit -Command -` makes PowerShell read lines; nothing else is known here. */
function checkArguments(argv: readonly string[]): void {
  const options = argv.map((one) => one.toLowerCase());
  if (options.at(-2) !== "-command" || options.at(-1) !== "-" || !options.includes("-noexit"))
    throw new StandInError(`expected … -NoExit -Command -, got ${argv.join(" ")}`);
}

/** A PowerShell in this process, for the host and with the faults of a control file. */
async function begin(controlPath: string): Promise<{ powerShell: PowerShellConsole; recorder: Recorder }> {
  const { scenario, faults, record, handshake } = readControl(controlPath);
  const recorder = new Recorder(record);
  recorder.begin();
  const { TERM, NO_COLOR } = process.env;
  const powerShell = new PowerShellConsole({
    process: localProcess,
    responder: new Responder(SimulatedHost.open(scenario), handshake),
    plan: new FaultPlan(faults, new FileHistory(controlPath)),
    hasTerminalCodes: TERM !== "dumb",
    hasColours: TERM !== "dumb" && (NO_COLOR === undefined || NO_COLOR === ""),
  });
  await powerShell.start();
  return { powerShell, recorder };
}

/** A process that behaves like PowerShell towards its stdin, for the simulated host of a scenario. */
async function main(): Promise<void> {
  checkArguments(process.argv.slice(2));
  let { powerShell, recorder } = await begin(controlPath);
  const lines = new InputLines((line) => {
    recorder.add(line);
  });
  for await (const line of lines) {
    const next = controlInReset(line);
    if (next === undefined) await powerShell.run(line);
    else ({ powerShell, recorder } = await begin((controlPath = next)));
  }
  // The end of stdin: what ran has ended by now.
  process.exit(0);
}

let controlPath = process.env[controlVariable] ?? "";
main().catch((error: unknown) => fail(controlPath, error));
