import type { z } from "zod";
import { nearest } from "../core/text/nearest";
import { oneOf } from "../core/text/oneOf";
import { connectionSchema } from "../connection/fields";
import { findContradictions } from "../connection/rules/common";
import { type Inputs, inputsSchema, internalInputs } from "./inputs";
import { isPlainObject, withoutNulls, withoutUnknowns } from "./unknowns";

/** One thing that is wrong with the inputs. The shape is Pulumi's. */
export interface CheckFailure {
  /** Path of the property: `connection.port`. */
  readonly property: string;
  readonly reason: string;
}

/** Properties whose value must not be repeated in a message: secrets, and what may hold secrets. */
const secretPaths: ReadonlySet<string> = new Set(["connection", "connection.password", "triggers"]);

/** Longest piece of a wrong value that is repeated in a message. */
const longestEcho = 60;

/** All that is wrong with the inputs a user gave. Values that are not known yet count as right. */
export function findFailures(news: Readonly<Record<string, unknown>>): readonly CheckFailure[] {
  const given = usersInputs(news);
  const known = withoutUnknowns(given);
  const parsed = inputsSchema.safeParse(known);
  const failures = parsed.success ? [] : parsed.error.issues.flatMap((issue) => toFailures(issue, known));
  const wrong = new Set(failures.map((failure) => failure.property.split(".")[0]));
  if (!("vm" in given))
    failures.push({
      property: "vm",
      reason: "expected the display name or the GUID of a VM, got nothing",
    });
  if (!wrong.has("connection") && isPlainObject(known.connection)) {
    for (const { field, reason } of findContradictions(connectionSchema.parse(known.connection))) {
      failures.push({ property: `connection.${field}`, reason });
    }
  }
  if (!wrong.has("startTime") && !wrong.has("policy") && known.startTime !== undefined && known.policy === "always") {
    failures.push({
      property: "startTime",
      reason:
        'not together with policy "always": that suspends a healthy machine at once, and it would stay suspended until then',
    });
  }
  if (depthOf(known.triggers) > deepestTriggers) {
    failures.push({ property: "triggers", reason: `expected values nested at most ${deepestTriggers} levels deep` });
  }
  return failures;
}

/** Far above what anybody writes, and below what a plugin's reply carries: a cut value would differ for ever. */
const deepestTriggers = 32;

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** The inputs without what is not theirs, after {@link findFailures} has found nothing. */
export function toInputs(news: Readonly<Record<string, unknown>>): Inputs {
  return inputsSchema.parse(withoutUnknowns(usersInputs(news)));
}

/** What the user gave: an input or a field of `connection` that is null counts as left out. */
function usersInputs(news: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = withoutNulls(news);
  if (isPlainObject(given.connection)) given.connection = withoutNulls(given.connection);
  return Object.fromEntries(Object.entries(given).filter(([name]) => !internalInputs.has(name)));
}

function toFailures(issue: z.core.$ZodIssue, given: unknown): readonly CheckFailure[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ property: [...path, key].join("."), reason: unknownName(key, path) }));
  }
  const property = path.join(".");
  return [{ property, reason: `${issue.message}${got(property, valueAt(given, path), issue.message)}` }];
}

function unknownName(name: string, path: readonly string[]): string {
  const schema = path[0] === "connection" ? connectionSchema : inputsSchema;
  const names = Object.keys(schema.shape);
  const [closest] = nearest(name, names, 1);
  const meant = closest === undefined ? "." : `; did you mean "${closest}"?`;
  return `there is no such ${path.length === 0 ? "input" : "field"}${meant} Accepted: ${oneOf(names)}`;
}

function got(property: string, value: unknown, message: string): string {
  if (value === undefined || secretPaths.has(property) || message.includes(", got ")) return "";
  const shown = JSON.stringify(value);
  return `, got ${shown.length > longestEcho ? `${shown.slice(0, longestEcho).toWellFormed()}…` : shown}`;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)] as unknown;
    return isPlainObject(inner) ? inner[key] : undefined;
  }, value);
}
