import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { RunCommand } from "../driver/engineDriver";

/** Where the recordings of the real engine are; see `README.md` there. */
export const recordingsDirectory = path.join(__dirname, "..", "..", "fixtures", "engine");

/** A resource of the recorded program: see `program/index.js`. */
interface Thing {
  readonly id: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly after?: string;
  readonly secret?: boolean;
}

/** How one recorded run was made. What was registered is in the recording; this is what made it so. */
export interface RecordedRun {
  readonly command: RunCommand;
  readonly refresh?: boolean;
  readonly runProgram?: boolean;
  /** What the program registers. */
  readonly things?: readonly Thing[];
  /** Text of the provider: "2" says the same in other words. */
  readonly revision?: "2";
  /** Value of the secret `recording:token`; `recording:colour` is "blue" then. */
  readonly token?: string;
  /** Unlock the stack first. */
  readonly afterCancel?: boolean;
  /** What happens while `a` is being created. */
  readonly during?: "interrupt" | "interruptTwice" | "terminate" | "killPlugin";
}

const b: Thing = { id: "b", args: { name: "two" }, after: "a", secret: true };
const a = (args: Thing["args"]): Thing => ({ id: "a", args });

/** Every recorded run by its number. */
export const recordedRuns = {
  "01": { command: "preview", things: [a({ name: "one", size: 1 }), b] },
  "02": { command: "up", things: [a({ name: "one", size: 1 }), b] },
  "03": { command: "up", things: [a({ name: "one", size: 1 }), b] },
  "04": { command: "preview", things: [a({ name: "one", size: 2 }), b] },
  "05": { command: "up", things: [a({ name: "one", size: 2 }), b] },
  "06": { command: "up", things: [a({ name: "uno", size: 2 }), b] },
  "07": { command: "refresh" },
  "08": { command: "up", refresh: true, things: [a({ name: "uno", size: 2 }), b] },
  "09": { command: "up", things: [a({ name: "uno", size: 2 }), b], revision: "2" },
  "10": { command: "up", things: [a({ name: "uno", size: -1 }), b], revision: "2" },
  "11": { command: "destroy" },
  "12": { command: "up", things: [a({ name: "one", fails: "plain" })], revision: "2" },
  "13": { command: "up", things: [a({ name: "one", fails: "started" })], revision: "2" },
  "14": { command: "refresh" },
  "15": { command: "up", things: [a({ name: "one", fails: "started" })], revision: "2" },
  "16": { command: "up", things: [a({ name: "one", size: 5, fails: "update-started" })], revision: "2" },
  "17": { command: "destroy" },
  "18": { command: "up", things: [a({ name: "one", seconds: 6 })], during: "interrupt" },
  "19": { command: "up", things: [a({ name: "one", seconds: 6 })], during: "interruptTwice" },
  "20": { command: "up", things: [a({ name: "one", seconds: 0 })], afterCancel: true },
  "21": { command: "up", things: [a({ name: "one", size: 1 })], token: "first" },
  "22": { command: "refresh", token: "second" },
  "23": { command: "refresh", runProgram: true, things: [a({ name: "one", size: 1 })], token: "second" },
  "24": { command: "up", things: [a({ name: "one", size: 1 })], token: "second" },
  "25": { command: "up", things: [a({ name: "one", size: 1 })] },
  "26": { command: "up", things: [a({ name: "two", fails: "started" })] },
  "27": { command: "up", things: [a({ name: "two", size: 1 })] },
  "28": { command: "up", things: [a({ name: "two", size: 1, gone: true })] },
  "29": { command: "refresh" },
  "30": { command: "up", things: [a({ name: "one", seconds: 8 })], during: "killPlugin" },
  "31": { command: "up", things: [a({ name: "one", seconds: 8 })], during: "terminate" },
  "32": { command: "up", things: [a({ name: "two", size: 1, gone: true })] },
} as const satisfies Record<string, RecordedRun>;

/** Number of a recorded run. */
export type RunNumber = keyof typeof recordedRuns;

/** What was recorded of one run. */
export interface Recording {
  readonly wire: readonly WireLine[];
  readonly state: unknown;
  /** What a person saw. */
  readonly text: string;
}

/** One message on the wire. */
export interface WireLine {
  readonly method: string;
  readonly phase: "request" | "response";
  readonly request?: unknown;
  readonly response?: unknown;
  readonly errors?: readonly string[];
}

/** Reads one recording. */
export function readRecording(number: RunNumber): Recording {
  const folder = path.join(recordingsDirectory, "runs");
  const file = (ending: string): string => {
    const name = readdirSync(folder).find((other) => other.startsWith(`${number}-`) && other.endsWith(ending));
    if (name === undefined) throw new Error(`no recording ${number}-*${ending}`);
    return readFileSync(path.join(folder, name), "utf8");
  };
  return { wire: parseWire(file(".jsonl")), state: JSON.parse(file(".state.json")), text: file(".txt") };
}

/** Reads a recorded wire. */
export function parseWire(text: string): WireLine[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as WireLine);
}
