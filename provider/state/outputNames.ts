/**
 * The outputs beside the echoed inputs: the one list that the properties of the class, the schema of the state and
 * `docs/outputs.md` are made from or checked against. Few stand at the top, because the SDK pays for every one of them in
 * every preview.
 */
export const outputNames = [
  "outcome",
  "reason",
  "warnings",
  "completionTime",
  "returnCode",
  "vmId",
  "vmName",
  "hostName",
  "request",
  "replication",
  "job",
  "failures",
  "internal",
] as const;

export type OutputName = (typeof outputNames)[number];

/** What is in the groups. */
export const groupedOutputNames = {
  request: [
    "returnCodeName",
    "attempts",
    "adopted",
    "completionTimeSource",
    "requestedAt",
    "scheduledStartTime",
    "startedAt",
    "durationSeconds",
  ],
  replication: [
    "mode",
    "state",
    "stateBefore",
    "health",
    "healthReasons",
    "lastReplicationTime",
    "observedAt",
    "primaryHost",
    "recoveryHost",
  ],
  job: ["id", "state", "errorCode", "errorDescription", "percentComplete"],
  failures: ["inRow", "since", "nextAttemptAt"],
} as const satisfies Partial<Record<OutputName, readonly string[]>>;
