import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ControlInput, controlVariable } from "./controlFile";

/** A stand-in as it is named in a connection, and the environment that tells it which host it stands before. */
export interface StandIn {
  readonly executable: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly controlPath: string;
}

/** The stand-in for a scenario; its control file lies beside the scenario. */
export function standIn(control: ControlInput): StandIn {
  const controlPath = control.scenario.replace(/\.json$/, ".stand-in.json");
  writeFileSync(controlPath, JSON.stringify(control));
  return {
    executable: join(__dirname, "pwsh"),
    environment: { ...process.env, [controlVariable]: controlPath },
    controlPath,
  };
}
