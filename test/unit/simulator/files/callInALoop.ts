import { writeSync } from "node:fs";
import { SimulatedHost, type HostCall } from "../../../../provider/simulator/forDoors";

/**
 * A process of its own that calls `Resynchronize` of the VM with the GUID `VM_ID` as often as `CALLS` says, once
 * its input begins. It writes one character for each reply, and names itself as the door.
 */
async function main(): Promise<void> {
  const { SCENARIO = "", VM_ID = "", DOOR = "", CALLS = "0" } = process.env;
  const host = SimulatedHost.open(SCENARIO);
  const call: HostCall = {
    kind: "invoke",
    className: "Msvm_ReplicationService",
    method: "Resynchronize",
    input: { ComputerSystem: { className: "Msvm_ComputerSystem", keys: { Name: VM_ID } } },
  };
  writeSync(1, "r");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  for (let n = 0; n < Number(CALLS); n++) {
    await host.call(call, { door: DOOR, user: host.consoleUser });
    writeSync(1, ".");
  }
  process.exit(0);
}

void main();
