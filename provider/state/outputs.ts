import { jobStateName } from "../core/hyperv/jobState";
import { replicationModeName } from "../core/hyperv/relationship";
import { replicationHealthName, replicationStateName } from "../core/hyperv/replicationState";
import { returnCodeName } from "../core/hyperv/returnCode";
import type { ResyncRecord } from "../core/record/record";
import { type groupedOutputNames, type OutputName, outputNames } from "./outputNames";
import type { FailuresOutput, JobOutput, ReplicationOutput, RequestOutput } from "./outputTypes";
import { schemaVersion, type StoredState } from "./stateSchema";

/** The echoed inputs with the record: all outputs, as the engine is to keep them. */
export function toOutputs(inputs: Readonly<Record<string, unknown>>, record: ResyncRecord): Record<string, unknown> {
  return { ...inputs, ...outputsOf(record) };
}

/** The inputs that an earlier run echoed: what is left of the outputs without the record. */
export function echoedInputs(outputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names: ReadonlySet<string> = new Set(outputNames);
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !names.has(name)));
}

/** A record as users see it, with what the next run needs in `internal`: there states are numbers. */
function outputsOf(record: ResyncRecord): Partial<Record<OutputName, unknown>> {
  const { outcome, reason, warnings, completionTime, returnCode, vmId, vmName, hostName } = record;
  return {
    outcome,
    ...defined({ reason, completionTime, returnCode }),
    warnings: warnings.map(({ text }) => text),
    vmId,
    vmName,
    hostName,
    request: requestOf(record),
    replication: replicationOf(record),
    ...defined({ job: jobOf(record) }),
    failures: failuresOf(record),
    internal: internalOf(record),
  };
}

function requestOf(record: ResyncRecord): RequestOutput {
  const { returnCode, attempts, adopted } = record;
  const { completionTimeSource, requestedAt, scheduledStartTime, startedAt, durationSeconds } = record;
  return {
    ...(returnCode !== undefined && { returnCodeName: returnCodeName(returnCode) }),
    attempts,
    adopted,
    ...defined({ completionTimeSource, requestedAt, scheduledStartTime, startedAt, durationSeconds }),
  };
}

function replicationOf(record: ResyncRecord): ReplicationOutput {
  const { healthReasons, observedAt, lastReplicationTime, primaryHost, recoveryHost } = record;
  return {
    mode: replicationModeName(record.replicationMode),
    state: replicationStateName(record.replicationState),
    stateBefore: replicationStateName(record.replicationStateBefore),
    health: replicationHealthName(record.replicationHealth),
    healthReasons: [...healthReasons],
    observedAt,
    ...defined({ lastReplicationTime, primaryHost, recoveryHost }),
  };
}

function jobOf({
  jobId: id,
  jobState,
  jobErrorCode: errorCode,
  jobErrorDescription: errorDescription,
  percentComplete,
}: ResyncRecord): JobOutput | undefined {
  if (id === undefined) return undefined;
  const state = jobState === undefined ? undefined : jobStateName(jobState);
  return { id, ...defined({ state, errorCode, errorDescription, percentComplete }) };
}

function failuresOf({ failuresInRow: inRow, failingSince: since, nextAttemptAt }: ResyncRecord): FailuresOutput {
  return { inRow, ...defined({ since, nextAttemptAt }) };
}

function internalOf(record: ResyncRecord): StoredState["internal"] {
  const { requestId, warnings, evidence, jobState, replicationState, replicationStateBefore } = record;
  return {
    schemaVersion,
    requestId,
    ...evidence,
    warningCodes: warnings.map(({ code }) => code),
    replicationMode: record.replicationMode,
    replicationHealth: record.replicationHealth,
    ...defined({
      replicationState: replicationState ?? undefined,
      replicationStateBefore: replicationStateBefore ?? undefined,
      jobState,
    }),
  };
}

/** What is there of some values: the engine cannot carry `undefined`. */
function defined<Values extends object>(values: Values): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** The lists of names and the types of the groups say the same: a difference does not compile. */
type Groups = {
  request: keyof RequestOutput;
  replication: keyof ReplicationOutput;
  job: keyof JobOutput;
  failures: keyof FailuresOutput;
};
type Listed = { [Group in keyof typeof groupedOutputNames]: (typeof groupedOutputNames)[Group][number] };
true satisfies [Groups, Listed] extends [Listed, Groups] ? true : false;
