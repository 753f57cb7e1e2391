import { SecretBox } from "../secrets";
import { unknownValue, type PropertyValue } from "../values";
import type { WireLine } from "./recordedRuns";

/*
 * All that is allowed to differ between a recording and a run of the built-in engine. What is not named here has to be
 * the same.
 */

/** Fields that name services which the built-in engine does not have: nothing in the SDK's plugin calls them. */
const droppedFields = new Set([
  "loaderTarget",
  "mapperTarget",
  "resolverTarget",
  "resourceStatusAddress",
  "resourceStatusToken",
]);

/** Fields with paths of this computer: compared as being there, not by value. */
const pathFields = new Set(["pwd", "rootDirectory", "programDirectory"]);

/** Times, and marks of the program that wrote the state. */
const droppedStateFields = new Set(["manifest", "secrets_providers", "metadata", "created", "modified"]);

const anyAddress = /127\.0\.0\.1:(?:\d+|PORT)/g;
const anyGuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Makes a wire comparable. */
export function normaliseWire(wire: readonly WireLine[]): unknown[] {
  const aliases = new Aliases();
  return inComparableOrder(wire.map(withoutOwnWords)).map((line) => normaliseValue(line, aliases));
}

/** Makes a state comparable; secrets are opened, so that both their values and their marks are compared. */
export function normaliseState(state: unknown, passphrase: string): unknown {
  const { deployment } = state as { deployment: Record<string, PropertyValue> & SealedDeployment };
  const salt = deployment.secrets_providers?.state.salt;
  const opened = salt === undefined ? deployment : new SecretBox(passphrase, salt).openAll(deployment);
  return normaliseValue(opened, new Aliases());
}

interface SealedDeployment {
  readonly secrets_providers?: { readonly state: { readonly salt: string } };
}

/** The counts under "Resources:", which is what people read first. Dots and rows of a run depend on time. */
export function resourceCounts(text: string): string[] {
  const lines = text.split("\n");
  const start = lines.indexOf("Resources:") + 1;
  return start === 0 ? [] : lines.slice(start, lines.indexOf("", start)).map((line) => line.trim());
}

/** What every run makes up again is named by the order in which it appears, so that equal stays equal. */
class Aliases {
  readonly #names = new Map<string, string>();

  of(kind: string, value: string): string {
    const name = this.#names.get(value) ?? `${kind} ${this.#names.size + 1}`;
    this.#names.set(value, name);
    return name;
  }
}

function normaliseValue(value: unknown, aliases: Aliases): unknown {
  if (typeof value === "string") return normaliseText(value, aliases);
  if (Array.isArray(value)) return value.map((child) => normaliseValue(child, aliases));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, child]): [string, unknown][] => {
    if (droppedFields.has(key) || droppedStateFields.has(key)) return [];
    if (key === "supportedFeatures") return [[key, "fewer than the CLI's: what is not supported is not advertised"]];
    if (pathFields.has(key)) return [[key, "a path"]];
    if (key === "randomSeed") return [[key, aliases.of("seed", String(child))]];
    return [[key, normaliseValue(child, aliases)]];
  });
  return Object.fromEntries(entries);
}

/** The id of the default provider is random, ports are; the sentinel for unknown values has the form of an id, too. */
function normaliseText(text: string, aliases: Aliases): string {
  const withoutAddress = text.replace(anyAddress, "ADDRESS");
  return withoutAddress.replace(anyGuid, (guid) => (guid === unknownValue ? guid : aliases.of("id", guid)));
}

/** `Cancel` to a plugin that was killed fails, in words of the gRPC library at hand; its code is compared. */
function withoutOwnWords(line: WireLine): WireLine {
  if (line.method !== "ResourceProvider/Cancel" || line.errors === undefined) return line;
  return { ...line, errors: line.errors.map((error) => error.replace(/ desc = .*/s, "")) };
}

/**
 * Some conversations run side by side, so that chance decides whose message comes first. Messages of one such group that
 * follow each other are sorted: by conversation, or by content where one conversation cannot be told from another.
 */
function inComparableOrder(wire: readonly WireLine[]): WireLine[] {
  const groups: { kind: string | undefined; lines: WireLine[] }[] = [];
  let creating = 0;
  let isInterrupted = false;
  for (const line of wire) {
    if (line.method === "ResourceProvider/Create") creating += line.phase === "request" ? 1 : -1;
    isInterrupted ||= line.method === "ResourceProvider/Cancel" && creating > 0;
    const kind = groupOf(line, isInterrupted);
    const last = groups.at(-1);
    if (kind !== undefined && last?.kind === kind) last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.flatMap(({ kind, lines }) => {
    const rank = kind === "refresh" ? contentRank : ({ method }: WireLine): string => method;
    return lines.toSorted((one, other) => rank(one).localeCompare(rank(other)));
  });
}

function groupOf({ method, request, response }: WireLine, isInterrupted: boolean): string | undefined {
  const { type, urn } = (request ?? response ?? {}) as { type?: string; urn?: string };
  switch (method) {
    // The program asks for the engine's features while it registers the stack.
    case "ResourceMonitor/GetDeploymentInfo":
      return "start";
    case "ResourceMonitor/RegisterResource":
      if (type === "pulumi:pulumi:Stack" || urn?.includes("::pulumi:pulumi:Stack::") === true) return "start";
      // After an interrupt no process is left to read this, while `Cancel` is sent once more.
      return isInterrupted ? "end" : undefined;
    // After an interrupt the plugin is told and the program is ended at the same time.
    case "ResourceProvider/Cancel":
    case "LanguageRuntime/Run":
      return isInterrupted ? "end" : undefined;
    // A refresh without program reads all resources side by side.
    case "ResourceProvider/Read":
    case "ResourceProvider/Diff":
      return "refresh";
    default:
      return undefined;
  }
}

/** Read before Diff and request before response; then by what is said, whatever the order of its keys. */
function contentRank({ method, phase, request, response }: WireLine): string {
  const order = `${method === "ResourceProvider/Read" ? 1 : 2}${phase}`;
  const { name, properties } = (request ?? response ?? {}) as { name?: string; properties?: { name?: string } };
  return `${order} ${name ?? ""} ${properties?.name ?? ""}`;
}
