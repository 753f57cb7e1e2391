import { writeFileSync } from "node:fs";
import { CommandError, type Output } from "./command";

/** A host to try things out on: one VM for each of the two relationships, and one that requires nothing. */
const scenarioText = `{
  "name": "HV01",
  "machines": [
    { "name": "web01", "mode": "primary", "state": "resynchronizationRequired", "resync": { "seconds": 5 } },
    { "name": "db01", "mode": "primary", "state": "replicating" },
    {
      "name": "app01",
      "mode": "replica",
      "extended": true,
      "state": "resynchronizationRequired",
      "resync": { "seconds": 5 }
    }
  ]
}
`;

/**
 * Writes a small scenario file. An existing file is left as it is: it may be somebody's own scenario.
 * @throws CommandError
 */
export function writeScenario(file: string, output: Output): void {
  try {
    writeFileSync(file, scenarioText, { flag: "wx" });
  } catch (cause) {
    throw new CommandError(`cannot write ${file}: ${reasonOf(cause as NodeJS.ErrnoException)}`, { cause });
  }
  output.out(`Wrote ${file}: the simulated Hyper-V host HV01 with the VMs web01, db01 and app01.`);
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return code === "EEXIST" ? "it exists already" : message;
}
