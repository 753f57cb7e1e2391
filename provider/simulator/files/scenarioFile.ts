import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { SimulatorError } from "../simulatorError";
import { scenarioSchema, type Scenario, type ScenarioText } from "../scenario/scenarioSchema";
import { problemLines } from "../scenario/zodMessages";

/** Where the files of one simulated host are. */
export interface HostFiles {
  readonly scenario: string;
  readonly state: string;
  readonly journal: string;
  readonly lock: string;
}

/** The files of the host that a scenario file describes: all in its folder, named after it. */
export function filesOf(scenarioPath: string): HostFiles {
  const scenario = resolve(scenarioPath);
  const beside = join(dirname(scenario), basename(scenario).replace(/\.json$/i, ""));
  return { scenario, state: `${beside}.state.json`, journal: `${beside}.journal.jsonl`, lock: `${beside}.lock` };
}

/**
 * Reads and checks a scenario file.
 * @throws SimulatorError that names the file, the place in it, and what is accepted there.
 */
export function readScenario(path: string): ScenarioText {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (cause) {
    throw new SimulatorError(`cannot read the scenario file ${path}: ${messageOf(cause)}`, { cause });
  }
  return { scenario: parseScenario(text, path), digest: createHash("sha256").update(text).digest("hex") };
}

function parseScenario(text: string, path: string): Scenario {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SimulatorError(`the scenario file ${path} is not JSON: ${messageOf(cause)}`, { cause });
  }
  const checked = scenarioSchema.safeParse(json);
  if (checked.success) return checked.data;
  const lines = problemLines(checked.error).map((line) => `\n  ${line}`);
  throw new SimulatorError(`the scenario file ${path} is not a valid scenario:${lines.join("")}`);
}

function messageOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}
