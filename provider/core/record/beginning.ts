import type { Observation } from "../host/observation";
import { resynchronizingState } from "../hyperv/replicationState";
import type { FailureCount } from "./failures";
import { fromReading } from "./reading";
import type { ResyncRecord } from "./record";
import { withoutWarning } from "./warnings";

/** What continues from an earlier try: the failures in a row, and of the same request its id and its calls. */
export type CarriedOver = FailureCount & Partial<Pick<ResyncRecord, "requestId" | "attempts">>;

/** A record for a request that begins now. */
export function newRecord(
  { vm, link, service }: Observation,
  requestId: string,
  before: CarriedOver | undefined,
): ResyncRecord {
  const reading = fromReading(vm, link);
  return {
    healthReasons: [],
    ...reading,
    outcome: "unknown",
    requestId: before?.requestId ?? requestId,
    adopted: false,
    attempts: before?.attempts ?? 0,
    evidence: {
      sawResync: reading.replicationState === resynchronizingState,
      sawJob: false,
      suspendedByUs: false,
    },
    hostName: service.hostName,
    observedAt: service.hostTime,
    replicationStateBefore: reading.replicationState,
    failuresInRow: before?.failuresInRow ?? 0,
    ...(before?.failingSince !== undefined && { failingSince: before.failingSince }),
    warnings: [],
  };
}

/** The record without the job and the times of a try that has ended, and without what is no evidence of the next one. */
export function withoutEnd({
  completionTime: _end,
  completionTimeSource: _source,
  durationSeconds: _duration,
  startedAt: _started,
  scheduledStartTime: _scheduled,
  jobId: _job,
  jobState: _state,
  jobErrorCode: _error,
  jobErrorDescription: _description,
  percentComplete: _percent,
  ...record
}: ResyncRecord): ResyncRecord {
  const { suspendedByUs } = record.evidence;
  return {
    ...record,
    evidence: { sawResync: false, sawJob: false, suspendedByUs },
    warnings: withoutWarning(record.warnings, "paused"),
  };
}
