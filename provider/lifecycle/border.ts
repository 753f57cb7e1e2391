import { isReplicaResyncError } from "../core/errors";
import { toPrintable } from "../core/text/printable";

/** What the engine reads of a thrown error: with an id and properties the resource is kept, to be resumed. */
export interface Checkpoint {
  /** The resource's id, never empty. */
  readonly id: string;
  /** All outputs, with `__provider`. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** An error that leaves the resource in the state, so that the next `pulumi up` resumes it. */
export class CheckpointError extends Error {
  readonly checkpoint: Checkpoint;

  constructor(cause: Error, checkpoint: Checkpoint) {
    super(cause.message, { cause });
    this.name = cause.name;
    this.checkpoint = checkpoint;
  }
}

/** Longest message: far above any message of this package, far below what hurts a terminal. */
const longestMessage = 8_000;
/** Deeper values are cut: the shim recurses, and nothing of this package nests like this. */
const deepest = 64;

/**
 * Any value as plain JSON with well-formed texts, the only thing that the shim of the dynamic provider can carry:
 * `undefined`, a `Date` or a function makes it hang or lose the resource, a lone surrogate loses the state.
 */
export function toPlain(value: unknown): unknown {
  return plain(value, 0, new Set());
}

/** Like {@link toPlain}, for what must be an object: anything else becomes an empty one. */
export function toPlainObject(value: unknown): Record<string, unknown> {
  const result = toPlain(value);
  return typeof result === "object" && result !== null && !Array.isArray(result) ? { ...result } : {};
}

function plain(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  switch (typeof value) {
    case "string":
      return value.toWellFormed();
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return value.toString();
    case "undefined":
    case "function":
    case "symbol":
      return null;
    case "object":
      return value === null ? null : plainObject(value, depth, above);
    default:
      return null;
  }
}

function plainObject(value: object, depth: number, above: ReadonlySet<object>): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (above.has(value) || depth >= deepest) return null;
  const within = new Set([...above, value]);
  const inner = (entry: unknown): unknown => plain(entry, depth + 1, within);
  if (Array.isArray(value)) return Array.from<unknown, unknown>(value, inner);
  if (value instanceof Map) {
    const entries = [...value].map(([key, entry]: [unknown, unknown]) => [keyOf(key), entry] as const);
    return plainObject(Object.fromEntries(entries), depth, within);
  }
  if (value instanceof Set) return [...value].map(inner);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined && typeof entry !== "function");
  return Object.fromEntries(entries.map(([key, entry]) => [key.toWellFormed(), inner(entry)]));
}

function keyOf(key: unknown): string {
  return typeof key === "string" ? key : JSON.stringify(plain(key, deepest, new Set()));
}

/** A message that the engine can show: never empty, never half a character, never a megabyte. */
export function toMessage(value: unknown): string {
  const given: unknown = value instanceof Error ? value.message : value;
  const text = typeof given === "string" ? given : "";
  const wellFormed = toPrintable(text).trim();
  if (wellFormed === "") return "failed without a message: report this as a bug of pulumi-hyperv-replica";
  return wellFormed.length > longestMessage ? `${wellFormed.slice(0, longestMessage).toWellFormed()} …` : wellFormed;
}

/**
 * Any thrown value as an error that the shim can carry: `message`, and for a {@link CheckpointError} `id`, `properties`
 * and `reasons`. The message ends with the code of an error of this package, to be looked up. The stack is cleared, because the shim prints it under the stack's own resource.
 */
export function toBorderError(thrown: unknown): Error {
  const ours = thrown instanceof CheckpointError ? thrown.cause : thrown;
  const code = isReplicaResyncError(ours) ? ` [${ours.code}]` : "";
  const message = `${toMessage(thrown)}${code}`;
  const error = new Error(message);
  error.name = isReplicaResyncError(thrown) || thrown instanceof CheckpointError ? thrown.name : "Error";
  error.stack = "";
  if (thrown instanceof CheckpointError) {
    const { id, properties } = thrown.checkpoint;
    Object.assign(error, { id: toIdText(id), properties: toPlainObject(properties), reasons: [message] });
  }
  return error;
}

/** An id that the engine takes for one: never empty. */
export function toIdText(id: unknown): string {
  const text = typeof id === "string" ? id.toWellFormed() : "";
  return text === "" ? "unknown" : text;
}

/** Runs a verb so that only plain values and plain errors leave it, whatever it returns or throws. */
export async function atBorder<Result>(verb: () => Promise<Result>): Promise<Result> {
  try {
    return toPlain(await verb()) as Result;
  } catch (thrown) {
    throw toBorderError(thrown);
  }
}
