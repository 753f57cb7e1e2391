import type { Effect } from "./effect";

/** The return codes as outputs and messages name them. */
export const returnCodeNames = [
  "Completed",
  "JobStarted",
  "Failed",
  "AccessDenied",
  "NotSupported",
  "StatusUnknown",
  "Timeout",
  "InvalidParameter",
  "SystemInUse",
  "InvalidState",
  "IncorrectDataType",
  "SystemNotAvailable",
  "OutOfMemory",
  "FileNotFound",
] as const;

/** `undocumented (n)`: a number that Microsoft's page does not name. */
export type ReturnCodeName = (typeof returnCodeNames)[number] | `undocumented (${number})`;

/** What a value returned by `Resynchronize` means. */
export interface ReturnCode {
  readonly name: (typeof returnCodeNames)[number];
  /** What the host says with it, in one clause. */
  readonly meaning: string;
  /** What the user can do about it. */
  readonly remedy: string;
  /** `started`: accepted; `unknown`: a resync may be running; `none`: nothing was begun. */
  readonly effect: Effect;
}

/** The method was carried out at once, without a job. */
export const completedWithoutJob = 0;
/** Parameters checked, a job was started. */
export const jobStarted = 4096;

/**
 * The 14 documented return values of `Msvm_ReplicationService.Resynchronize`.
 * Source: "Resynchronize method of the Msvm_ReplicationService class", learn.microsoft.com. The codes are decimal
 * numbers of their own, not fragments of an HRESULT. Remedies and effects are this package's.
 */
export const returnCodes: ReadonlyMap<number, ReturnCode> = new Map([
  [0, code("Completed", "the request was accepted and no job was needed", "Nothing to do", "started")],
  [4096, code("JobStarted", "the request was accepted and a job runs", "Nothing to do", "started")],
  [
    32768,
    code(
      "Failed",
      "the host could not start the resynchronization",
      "Check that the replica host answers and that the disks on both sides have the same size; the Hyper-V-VMMS event log of the host says more",
      "none",
    ),
  ],
  [
    32769,
    code(
      "AccessDenied",
      "the account is not allowed to resynchronize",
      "Add the account to the Hyper-V Administrators group (S-1-5-32-578) or the local Administrators group of this host",
      "none",
    ),
  ],
  [
    32770,
    code(
      "NotSupported",
      "this VM, host or replication provider cannot resynchronize",
      "Check that replication is enabled for the VM, that it is not a test replica, and that a replica has an extended replica",
      "none",
    ),
  ],
  [
    32771,
    code(
      "StatusUnknown",
      "the host could not tell whether the resynchronization was started",
      "Run up again: it looks at the host before anything else is started",
      "unknown",
    ),
  ],
  [
    32772,
    code(
      "Timeout",
      "the host stopped waiting and the resynchronization may have been started",
      "Run up again: it looks at the host before anything else is started",
      "unknown",
    ),
  ],
  [
    32773,
    code(
      "InvalidParameter",
      "the host refused the VM or the start time",
      "Check that the VM is on this host and that startTime lies at most 7 days ahead",
      "none",
    ),
  ],
  [
    32774,
    code(
      "SystemInUse",
      "another operation holds the VM",
      "Wait for the backup, checkpoint, migration or failover that runs, then run up again",
      "none",
    ),
  ],
  [
    32775,
    code(
      "InvalidState",
      "the VM is in a state that does not allow a resynchronization",
      "Look at the replication state of the VM; one that waits for a failover to be completed must be completed first",
      "none",
    ),
  ],
  [
    32776,
    code("IncorrectDataType", "the host could not read the request", "Report this as a bug of the package", "none"),
  ],
  [
    32777,
    code(
      "SystemNotAvailable",
      "the VM or the host is not available",
      "Check that the Hyper-V Virtual Machine Management service runs and which node of the cluster owns the VM, then run up again",
      "none",
    ),
  ],
  [32778, code("OutOfMemory", "the host is short of memory", "Free memory on the host, then run up again", "none")],
  [
    32779,
    code(
      "FileNotFound",
      "a virtual disk, a tracking log or a configuration file is missing",
      "Check the storage paths of the VM on both hosts",
      "none",
    ),
  ],
]);

function code(name: ReturnCode["name"], meaning: string, remedy: string, effect: Effect): ReturnCode {
  return { name, meaning, remedy, effect };
}

/** The name of a return code; a number that is not documented is named as such and mapped to nothing. */
export function returnCodeName(value: number): ReturnCodeName {
  return returnCodes.get(value)?.name ?? `undocumented (${value})`;
}

/** A return code by number and name, for messages; job errors are of the same kind. */
export function describeReturnCode(value: number): string {
  return `${value} (${returnCodes.get(value)?.name ?? "undocumented"})`;
}

/** Whether the host took the request on. */
export function isAccepted(value: number): boolean {
  return value === completedWithoutJob || value === jobStarted;
}
