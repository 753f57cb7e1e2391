import type { MachineState } from "../hostState";
import type { Script } from "../../scenario/script";

/** The script for the next call of `Resynchronize`: the last of them serves all calls that follow. */
export function nextScript({ scripts, calls }: MachineState): Script {
  const script = scripts[Math.min(calls, scripts.length - 1)];
  if (script === undefined) throw new TypeError("a machine has at least one script");
  return script;
}
