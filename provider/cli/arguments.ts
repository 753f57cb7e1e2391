import { parseArgs } from "node:util";
import { nearest } from "../core/text/nearest";

/** What is wrong with a command line, for the person who typed it. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** What `simulate` is to do. */
export interface SimulateArguments {
  /** Path of the scenario file. */
  readonly scenario: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly allowBasic: boolean;
  /** Paths of a certificate and its key, both PEM, instead of one made at start. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** A command line, read. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "scenario"; readonly file: string }
  | { readonly kind: "simulate"; readonly options: SimulateArguments };

const commands = ["scenario", "simulate"] as const;
/** The name that the first program in the README uses. */
const defaultScenario = "host.json";

/** This computer only: everybody who reaches the port may do as the scenario's accounts do. */
const loopback = "127.0.0.1";
/** As WinRM: 5985 and, with TLS, 5986. Source: "Installation and configuration for WinRM", learn.microsoft.com. */
const defaultPort = { http: 5985, https: 5986 } as const;

const options = {
  host: { type: "string" },
  port: { type: "string" },
  tls: { type: "boolean" },
  cert: { type: "string" },
  key: { type: "string" },
  "allow-basic": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

/**
 * Reads a command line without the program's own name.
 * @throws UsageError
 */
export function readArguments(args: readonly string[]): Command {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const values = new Map<string, string | true>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind === "option") values.set(...checkedOption(token.name, token.rawName, token.value));
  }
  if (values.has("help")) return { kind: "help" };
  if (values.has("version")) return { kind: "version" };
  const [command, ...operands] = words;
  switch (command) {
    case undefined:
      throw new UsageError(`expected a command: ${commands.join(" or ")}`);
    case "scenario":
      return { kind: "scenario", file: scenarioFile(operands, values) };
    case "simulate":
      return { kind: "simulate", options: simulateArguments(scenarioToServe(operands), values) };
    default:
      throw new UsageError(`unknown command "${command}"; there are: ${commands.join(", ")}`);
  }
}

function scenarioFile([file = defaultScenario, ...others]: readonly string[], options: ReadonlyMap<string, unknown>) {
  if (others.length > 0) throw new UsageError(`scenario: expected one file, got also ${others.join(" ")}`);
  const [option] = options.keys();
  if (option !== undefined) throw new UsageError(`scenario: takes no options, got --${option}`);
  return file;
}

function scenarioToServe([scenario, ...others]: readonly string[]): string {
  if (scenario === undefined) throw new UsageError("simulate: expected the path of a scenario file");
  if (others.length > 0) throw new UsageError(`simulate: expected one scenario file, got also ${others.join(" ")}`);
  return scenario;
}

function checkedOption(name: string, rawName: string, value: string | undefined): [string, string | true] {
  const known: Readonly<Record<string, { type: "string" | "boolean" }>> = options;
  const option = Object.hasOwn(known, name) ? known[name] : undefined;
  if (option === undefined) {
    const [near] = nearest(name, Object.keys(options), 1);
    throw new UsageError(`unknown option ${rawName}${near === undefined ? "" : `; did you mean --${near}?`}`);
  }
  if (option.type === "boolean") {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value, got "${value}"`);
    return [name, true];
  }
  if (value === undefined || value === "" || value.startsWith("--"))
    throw new UsageError(`${rawName}: expected a value`);
  return [name, value];
}

function simulateArguments(scenario: string, values: ReadonlyMap<string, string | true>): SimulateArguments {
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const [cert, key] = [text("cert"), text("key")];
  if ((cert === undefined) !== (key === undefined)) throw new UsageError("--cert and --key belong together");
  const tls = values.has("tls") || cert !== undefined;
  if (tls && values.has("allow-basic"))
    throw new UsageError("--allow-basic is for HTTP; with TLS Basic is allowed anyway");
  return {
    scenario,
    host: text("host") ?? loopback,
    port: portOf(text("port"), tls),
    tls,
    allowBasic: values.has("allow-basic"),
    ...(cert !== undefined && key !== undefined && { certificate: { cert, key } }),
  };
}

function portOf(text: string | undefined, tls: boolean): number {
  if (text === undefined) return defaultPort[tls ? "https" : "http"];
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`--port: expected a number from 0 (any that is free) to 65535, got "${text}"`);
}
