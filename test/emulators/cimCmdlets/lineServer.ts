import { createInterface } from "node:readline";
import { SimulatedHost } from "../../../provider/simulator/forDoors";
import { answerRequest } from "./cimDoor";
import { requestSchema } from "./cimWire";

/**
 * A process between the module `HvReplicaCimCmdlets` and a simulated host: a line of JSON in, a line of JSON out, in order.
 * The only argument is the path of the scenario. It ends with its standard input, or with a text on standard error and
 * code 70 when the simulator itself cannot go on: that must never look like an answer of the host.
 */
async function serve(scenarioPath: string): Promise<void> {
  const host = SimulatedHost.open(scenarioPath);
  for await (const line of createInterface({ input: process.stdin })) {
    const request = requestSchema.parse(JSON.parse(line));
    process.stdout.write(`${asciiJson(await answerRequest(host, request))}\n`);
  }
}

/** ASCII, whatever the console of the other side takes the bytes for. */
function asciiJson(value: object): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

serve(process.argv[2] ?? "").catch((error: unknown) => {
  process.stderr.write(`line server: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(70);
});
