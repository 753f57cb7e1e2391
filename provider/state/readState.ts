import type { ResyncRecord } from "../core/record/record";
import { type Warning, warningCodes } from "../core/record/warnings";
import { schemaVersion, type StoredState, stateSchema } from "./stateSchema";
import { isPlainObject, withoutNulls } from "./unknowns";

/** A state as it was found. */
export type ReadState =
  | { readonly kind: "readable"; readonly record: ResyncRecord }
  /** Written by a newer version of this package: must not be touched. */
  | { readonly kind: "newer"; readonly schemaVersion: number }
  /** Not a state of this resource, or damaged. */
  | { readonly kind: "unreadable"; readonly reason: string };

/** Reads what an earlier run recorded. */
export function readState(outputs: Readonly<Record<string, unknown>>): ReadState {
  const { internal } = outputs;
  const version = isPlainObject(internal) ? internal.schemaVersion : undefined;
  if (typeof version === "number" && version > schemaVersion) return { kind: "newer", schemaVersion: version };
  const groups = Object.entries(withoutNulls(outputs)).map(([name, value]) => [
    name,
    isPlainObject(value) ? withoutNulls(value) : value,
  ]);
  const parsed = stateSchema.safeParse(Object.fromEntries(groups));
  if (parsed.success) return { kind: "readable", record: recordOf(parsed.data) };
  const [issue] = parsed.error.issues;
  return { kind: "unreadable", reason: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not readable"}` };
}

function recordOf({ request, replication, job, failures, internal, warnings, ...top }: StoredState): ResyncRecord {
  const { requestId, replicationMode, replicationHealth, jobState, sawResync, sawJob, suspendedByUs } = internal;
  return {
    ...top,
    ...request,
    ...replication,
    requestId,
    evidence: { sawResync, sawJob, suspendedByUs },
    replicationMode,
    replicationHealth,
    replicationState: internal.replicationState ?? null,
    replicationStateBefore: internal.replicationStateBefore ?? null,
    warnings: warningsOf(warnings, internal.warningCodes),
    failuresInRow: failures.inRow,
    ...(failures.since !== undefined && { failingSince: failures.since }),
    ...(failures.nextAttemptAt !== undefined && { nextAttemptAt: failures.nextAttemptAt }),
    ...(job !== undefined && jobOf(job)),
    ...(jobState !== undefined && { jobState }),
  };
}

function jobOf({ id, errorCode, errorDescription, percentComplete }: NonNullable<StoredState["job"]>) {
  return {
    jobId: id,
    ...(errorCode !== undefined && { jobErrorCode: errorCode }),
    ...(errorDescription !== undefined && { jobErrorDescription: errorDescription }),
    ...(percentComplete !== undefined && { percentComplete }),
  };
}

/** A warning whose code this version does not know means nothing to it. */
function warningsOf(texts: readonly string[], codes: readonly string[]): readonly Warning[] {
  return texts.flatMap((text, index) => {
    const code = warningCodes.find((known) => known === codes[index]);
    return code === undefined ? [] : [{ code, text }];
  });
}
