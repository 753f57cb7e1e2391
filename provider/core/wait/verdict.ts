import type { JobReading, RelationshipReading } from "../host/ports";
import { endedByRequest, jobStateName } from "../hyperv/jobState";
import { describeState } from "../hyperv/replicationState";
import { describeReturnCode } from "../hyperv/returnCode";
import type { Warning } from "../record/warnings";
import type { Seen } from "./awaited";

/** What one reading means for the wait. */
export type Verdict =
  | { readonly kind: "pending"; readonly status: string; readonly warning?: Warning }
  | { readonly kind: "completed"; readonly warning?: Warning }
  | { readonly kind: "failed"; readonly reason: string; readonly remedy: string }
  | { readonly kind: "gone" }
  /** A number that no table knows, or that means nothing to wait for. Without a remedy it is a bug of this package. */
  | { readonly kind: "unexpected"; readonly reason: string; readonly remedy?: string };

/** Nothing has ended yet. */
export function pending(text: string, job?: JobReading): { kind: "pending"; status: string } {
  return { kind: "pending", status: job === undefined ? text : `${text} ${job.percentComplete} %` };
}

/** The resync has ended badly. */
export function failed(reason: string, remedy: string): Verdict {
  return { kind: "failed", reason, remedy };
}

/** There is no replication any more. */
export function removed(link: RelationshipReading | undefined): Verdict {
  const what =
    link === undefined ? "it has no such relationship any more" : `state ${describeState(link.replicationState)}`;
  return failed(`its replication was removed: ${what}`, "Enable replication for the VM again");
}

/** The job was running and is gone. */
export function lostJob(): Verdict {
  return failed(
    "the job of the resynchronization is gone and its replication still requires one: the host or its management service was restarted",
    "A later `pulumi up` tries again",
  );
}

/** The relationship left the resync without having become healthy. */
export function fellBack(state: number, { resynchronizing }: Seen): Verdict {
  const how = resynchronizing ? "fell back to" : "is in";
  return failed(
    `the resynchronization ended without success: its replication ${how} state ${describeState(state)}`,
    "Look at the Hyper-V-VMMS event log of the host: it may have been cancelled, the replica host may not answer, or a disk may differ in size",
  );
}

/** The job says that it failed. */
export function jobFailure(job: JobReading): Verdict {
  const error = job.errorCode === 0 ? "" : ` with error ${describeReturnCode(job.errorCode)}`;
  const what = `job ${job.jobId} ended as ${jobStateName(job.jobState)} (JobState ${job.jobState})${error}`;
  const remedy = endedByRequest.has(job.jobState)
    ? "It was ended by request, it may have been cancelled: look at the Hyper-V-VMMS event log of the host"
    : "Look at the Hyper-V-VMMS event log of the host, check that the replica host answers and that the disks on both sides have the same size";
  return failed(`${what}${words(job)}`, remedy);
}

/** Somebody has paused the resync: it is waited for. */
export function paused(job: JobReading | undefined): Verdict {
  return {
    ...pending("paused by an operator", job),
    warning: {
      code: "paused",
      text: "the resynchronization is paused by an operator: Resume-VMReplication -Continue lets it continue",
    },
  };
}

/** What is to be said of a job that completed with warnings. */
export function withWarningsText(job: JobReading): string {
  return `the job completed with warnings (JobState ${job.jobState})${words(job)}; the Hyper-V-VMMS event log of the host says more`;
}

/** Bound for texts of the host in messages. */
const longestDescription = 500;

function words(job: JobReading): string {
  const text = job.errorDescription.trim();
  return text === "" ? "" : `: ${text.slice(0, longestDescription).toWellFormed()}`;
}
