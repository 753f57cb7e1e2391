import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { SimulatorError } from "../simulatorError";
import { codeOf, type FileAccess } from "./fileAccess";
import { systemClock } from "../realClock";

/** What the lock needs to know about processes; tests bring their own. */
export interface Processes {
  readonly pid: number;
  isAlive(pid: number): boolean;
}

/** The processes of this computer. */
export const localProcesses: Processes = {
  pid: process.pid,
  isAlive(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // EPERM: there is such a process, and it belongs to somebody else.
      return codeOf(error) === "EPERM";
    }
  },
};

/** The lock, while it is held. */
export interface HeldLock {
  /**
   * To be called right before the effect is made to last.
   * @throws SimulatorError when the lock was lost because this process stood still for too long.
   */
  confirm(): void;
}

/** A held lock takes a few milliseconds: an owner that seems alive after so long is another process with its number. */
const longestHoldMs = 10_000;
/** A computer under load makes callers wait; longer than this, something is broken. */
const patienceMs = 30_000;

/**
 * Runs a synchronous action while no other process, and nobody else in this one, is in one for the same lock file.
 *
 * Why a file and not a library: the common ones see a dead owner by the age of the lock alone, which makes the next
 * caller wait for seconds after each kill. Here the lock is a file that names its owner and appears with its content
 * (a hard link, so there is never a lock without a name). A lock whose owner has ended is taken away under a lock of
 * its own, named after the dead one's token: only its holder may remove exactly that lock, and it looks at the
 * token again before it does. So two callers that both saw the dead owner cannot remove each other's new lock, and a
 * caller that dies while taking away leaves a lock that is taken away the same way.
 */
export async function withLock<Value>(
  files: FileAccess,
  path: string,
  action: (lock: HeldLock) => Value,
  options: { readonly signal?: AbortSignal | undefined; readonly processes?: Processes } = {},
): Promise<Value> {
  const processes = options.processes ?? localProcesses;
  for (let waitedMs = 0; ;) {
    options.signal?.throwIfAborted();
    const token = tryLock(files, path, processes);
    if (token !== undefined) {
      try {
        return action({
          confirm: () => {
            confirm(files, path, token);
          },
        });
      } finally {
        if (files.read(path) === token) files.remove(path);
      }
    }
    if (waitedMs > patienceMs) throw new SimulatorError(`another process keeps the lock ${path} for too long`);
    const delayMs = 1 + Math.random() * 4;
    await systemClock.sleep(delayMs, options.signal);
    waitedMs += delayMs;
  }
}

function confirm(files: FileAccess, path: string, token: string): void {
  if (files.read(path) !== token) {
    throw new SimulatorError(`this process stood still for more than ${longestHoldMs / 1000} s and lost ${path}`);
  }
}

function tryLock(files: FileAccess, path: string, processes: Processes): string | undefined {
  const token = JSON.stringify({ pid: processes.pid, machine: hostname(), id: randomUUID() });
  const draft = `${path}.${randomUUID()}`;
  files.write(draft, token);
  try {
    if (files.link(draft, path)) return token;
  } finally {
    files.remove(draft);
  }
  const owner = files.read(path);
  if (owner !== undefined && isGone(files, path, owner, processes)) takeAway(files, path, owner, processes);
  return undefined;
}

function takeAway(files: FileAccess, path: string, owner: string, processes: Processes): void {
  const guard = `${path}.${idOf(owner)}`;
  const token = tryLock(files, guard, processes);
  if (token === undefined) return;
  if (files.read(path) === owner) files.remove(path);
  files.remove(guard);
}

function isGone(files: FileAccess, path: string, owner: string, processes: Processes): boolean {
  const { pid, machine } = ownerOf(owner);
  // A process of another computer or container that shares the folder cannot be looked at: only the age counts.
  if (machine === hostname() && pid !== undefined && !processes.isAlive(pid)) return true;
  return (files.age(path) ?? 0) > longestHoldMs;
}

function ownerOf(token: string): { pid?: number; machine?: string } {
  const match = /^\{"pid":(\d+),"machine":"([^"]*)"/.exec(token);
  return match?.[1] === undefined || match[2] === undefined ? {} : { pid: Number(match[1]), machine: match[2] };
}

function idOf(token: string): string {
  return /"id":"([0-9a-f-]+)"/.exec(token)?.[1] ?? "unreadable";
}
