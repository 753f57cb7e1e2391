import type { HostState, JobRecord, LinkState, MachineState, ResyncRun } from "../hostState";
import { makeJob } from "./job";
import { jobState, jobType } from "../platform";
import { requireResync, waitForTransfer } from "./run";
import type { Script } from "../../scenario/script";

/** A resync that was asked for. */
export interface RunRequest {
  readonly script: Script;
  /** Who asked, as `DOMAIN\user`. */
  readonly owner: string;
  /** Left out: at once. */
  readonly scheduledAtMs?: number | undefined;
  readonly withJob: boolean;
}

/**
 * Takes on a resync: for later, or to be begun by the next look at the clock. It takes the place of one that is paused;
 * whether also of one that waits for its time is open (`switches.alreadyScheduled`).
 */
export function acceptRun(
  host: HostState,
  machine: MachineState,
  link: LinkState,
  request: RunRequest,
  atMs: number,
): ResyncRun {
  const kept = runsOf(link).filter(
    ({ phase }) => phase === "queued" || (phase === "scheduled" && host.switches.alreadyScheduled === "kept"),
  );
  forget(
    host,
    runsOf(link).filter((one) => !kept.includes(one)),
  );
  const run = makeRun(host, machine, link, request, atMs);
  link.later = inOrder([run, ...kept]);
  beginNext(host, machine, link, atMs);
  if (host.switches.scheduledLink === "required") requireResync(host, machine, link, atMs);
  return run;
}

/** Takes on a resync that comes after the one that runs: right after it, or at its own time. */
export function queueRun(
  host: HostState,
  machine: MachineState,
  link: LinkState,
  request: RunRequest,
  atMs: number,
): ResyncRun {
  const run = makeRun(host, machine, link, request, atMs);
  link.later = inOrder([...link.later, run]);
  return run;
}

/** The next resync of a relationship that has none under way takes its place. */
export function beginNext(host: HostState, machine: MachineState, link: LinkState, atMs: number): void {
  const [next = null, ...later] = link.later;
  link.run = next;
  link.later = later;
  if (next?.phase === "queued") waitForTransfer(host, machine, link, next, atMs);
}

/** Makes the job of a resync of this relationship. */
export function makeResyncJob(
  host: HostState,
  machine: MachineState,
  link: LinkState,
  { owner, scheduledAtMs }: Pick<RunRequest, "owner" | "scheduledAtMs">,
  atMs: number,
): JobRecord {
  const type = link.number === 0 ? jobType.resync : jobType.extendedResync;
  const state = jobState[host.switches.waitingJob];
  return makeJob(host, { machineId: machine.id, type, owner, scheduledAtMs, state }, atMs);
}

/** Forgets what runs, and what is to run, together with the jobs, without a trace. */
export function dropRuns(host: HostState, link: LinkState): void {
  forget(host, runsOf(link));
  link.run = null;
  link.later = [];
}

/** The run of a relationship, and those that come after it. */
export function runsOf({ run, later }: LinkState): ResyncRun[] {
  return run === null ? later : [run, ...later];
}

function forget(host: HostState, runs: readonly ResyncRun[]): void {
  const jobIds = runs.map(({ jobId }) => jobId);
  host.jobs = host.jobs.filter(({ id }) => !jobIds.includes(id));
}

function makeRun(
  host: HostState,
  machine: MachineState,
  link: LinkState,
  { script, owner, scheduledAtMs, withJob }: RunRequest,
  atMs: number,
): ResyncRun {
  const job = withJob ? makeResyncJob(host, machine, link, { owner, scheduledAtMs }, atMs) : undefined;
  return {
    phase: scheduledAtMs === undefined ? "queued" : "scheduled",
    jobId: job?.id ?? null,
    scheduledAtMs: scheduledAtMs ?? null,
    resumedAtMs: atMs,
    workedMs: 0,
    script,
  };
}

/** Those without a time of their own first. */
function inOrder(runs: readonly ResyncRun[]): ResyncRun[] {
  return runs.toSorted((one, other) => (one.scheduledAtMs ?? 0) - (other.scheduledAtMs ?? 0));
}
