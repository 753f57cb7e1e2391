import { beginNext, makeResyncJob } from "./runs/acceptRun";
import { finishRun } from "./runs/endRun";
import type { HostState, JobRecord, LinkState, MachineState, ResyncRun } from "./hostState";
import { endJob, jobById } from "./runs/job";
import { followReplication, linksOf } from "./links/link";
import { jobRemovalMs, jobState, linkState, returnValue } from "./platform";
import { scheduleOwnRun, system } from "./runs/ownRun";
import { showRun, startRun, waitForTransfer } from "./runs/run";
import { totalMs } from "./runs/runProgress";
import { isResyncable } from "./links/stateRules";
import { changeState } from "./runs/changeState";

interface DueEvent {
  readonly atMs: number;
  apply(atMs: number): void;
}

const neverDue: DueEvent = { atMs: Infinity, apply: () => undefined };

/** Takes a host to a later time: everything that is due by then happens, in order, each at its own time. */
export function advance(host: HostState, nowMs: number): void {
  for (let event = nextEvent(host); event !== undefined && event.atMs <= nowMs; event = nextEvent(host)) {
    // What became due while a run waited for something else happens when it can, not in the past.
    host.nowMs = Math.max(host.nowMs, event.atMs);
    event.apply(host.nowMs);
  }
  host.nowMs = Math.max(host.nowMs, nowMs);
  for (const [machine, link] of linksOf(host)) followReplication(host, machine, link, host.nowMs);
}

function nextEvent(host: HostState): DueEvent | undefined {
  let first: DueEvent | undefined;
  for (const event of eventsOf(host)) if (first === undefined || event.atMs < first.atMs) first = event;
  return first;
}

function* eventsOf(host: HostState): Generator<DueEvent> {
  for (const [machine, link] of linksOf(host)) {
    if (link.run !== null) yield runEvent(host, machine, link, link.run);
    else if (host.service === "stopped") continue;
    else if (link.later.length > 0) {
      yield {
        atMs: link.enteredAtMs,
        apply: (atMs) => {
          beginNext(host, machine, link, atMs);
        },
      };
    } else if (link.autoResync !== null && link.state === linkState.required) {
      yield {
        atMs: link.enteredAtMs,
        apply: (atMs) => {
          scheduleOwnRun(host, machine, link, atMs);
        },
      };
    }
  }
  for (const change of host.pendingChanges)
    yield {
      atMs: host.service === "running" ? change.atMs : Infinity,
      apply: (atMs) => {
        changeState(host, change, atMs);
      },
    };
  for (const job of host.jobs) yield jobEvent(host, job);
}

function jobEvent(host: HostState, job: JobRecord): DueEvent {
  const { endedAtMs, lateEnd } = job;
  if (endedAtMs !== null) {
    return { atMs: endedAtMs + jobRemovalMs, apply: () => (host.jobs = host.jobs.filter((other) => other !== job)) };
  }
  if (lateEnd === null) return neverDue;
  return {
    atMs: lateEnd.atMs,
    apply: (atMs) => {
      endJob(job, lateEnd, atMs);
    },
  };
}

function runEvent(host: HostState, machine: MachineState, link: LinkState, run: ResyncRun): DueEvent {
  // Without the service nothing new begins; what survived its end continues.
  if (host.service === "stopped" && !hasBegun(run)) return neverDue;
  switch (run.phase) {
    case "scheduled":
      return {
        atMs: run.scheduledAtMs ?? 0,
        apply: (atMs) => {
          beginScheduled(host, machine, link, run, atMs);
        },
      };
    case "queued":
    case "waiting":
      // Who has waited longest has the earliest event, and so comes first.
      return {
        atMs: hasFreeTransfer(host) ? run.resumedAtMs : Infinity,
        apply: (atMs) => {
          startRun(host, run, atMs);
        },
      };
    case "starting": {
      const delayMs = Math.min(Math.round(run.script.startDelaySeconds * 1000), totalMs(run));
      return {
        atMs: run.resumedAtMs + delayMs,
        apply: (atMs) => {
          showRun(host, machine, link, run, atMs);
        },
      };
    }
    case "running": {
      const endMs = run.resumedAtMs + totalMs(run) - run.workedMs;
      return {
        atMs: run.script.end === "stuck" ? Infinity : endMs,
        apply: (atMs) => {
          finishRun(host, machine, link, run, atMs);
        },
      };
    }
    case "paused":
      return neverDue;
  }
}

function hasBegun({ phase }: ResyncRun): boolean {
  return phase === "starting" || phase === "running" || phase === "paused";
}

function beginScheduled(host: HostState, machine: MachineState, link: LinkState, run: ResyncRun, atMs: number): void {
  if (!isResyncable(host, link.state)) {
    endJob(jobById(host, run.jobId), { state: jobState.exception, errorCode: returnValue.invalidState }, atMs);
    link.run = null;
    return;
  }
  run.jobId ??= makeResyncJob(host, machine, link, { owner: system }, atMs).id;
  waitForTransfer(host, machine, link, run, atMs);
}

/** Whether one more resync may run now. */
export function hasFreeTransfer(host: HostState): boolean {
  if (host.switches.aboveTransferLimit === "ignored") return true;
  let active = 0;
  for (const [, { run }] of linksOf(host)) if (run?.phase === "starting" || run?.phase === "running") active += 1;
  return active < host.maximumActiveTransfers;
}
