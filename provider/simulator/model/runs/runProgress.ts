import type { ResyncRun } from "../hostState";

/** How much of the work is done, in milliseconds of it. */
export function workedMs(run: ResyncRun, atMs: number): number {
  const works = run.phase === "starting" || run.phase === "running";
  return run.workedMs + (works ? Math.max(0, atMs - run.resumedAtMs) : 0);
}

/** The whole of the work, in milliseconds. */
export function totalMs({ script }: ResyncRun): number {
  return Math.round(script.seconds * 1000);
}

/** Whether the disks are being merged: from then on there is no way back. */
export function isMerging(run: ResyncRun, atMs: number): boolean {
  const mergesFromMs = totalMs(run) - run.script.mergeSeconds * 1000;
  return run.script.end !== "stuck" && run.phase === "running" && workedMs(run, atMs) > mergesFromMs;
}

/** `PercentComplete` of a run that has not ended. */
export function percentOf(run: ResyncRun, atMs: number): number {
  const { percent, end } = run.script;
  const share = totalMs(run) === 0 ? 0 : workedMs(run, atMs) / totalMs(run);
  if (percent !== undefined) return percent[Math.min(Math.floor(share * percent.length), percent.length - 1)] ?? 0;
  // 100 belongs to an ended job alone.
  return Math.min(Math.floor(share * 100), end === "stuck" ? 50 : 99);
}
