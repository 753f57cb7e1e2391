import { subscribe } from "node:diagnostics_channel";

/** What a plugin that is asked to end does with its process. */
export interface StoppableProcess {
  on(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  exit(code: number): unknown;
}

const cancelPath = "/pulumirpc.ResourceProvider/Cancel";
/** Node announces streams of its HTTP/2 servers. Source: "diagnostics_channel", Node.js documentation, 22.17 and newer. */
const streamStarted = "http2.server.stream.start";
/** What the replies need to leave the process. */
const flushMs = 200;
/** What closing sessions may take: remote ones count against a quota of their host until they are closed. */
const endWithinMs = 2_000;

/**
 * Knows when the run is to stop. The engine sends `Cancel` on the first Ctrl-C or SIGTERM and waits for what is under
 * way; the shim of the dynamic provider answers it and does nothing, so it is seen on the server's diagnostics channel.
 */
export class Stop {
  readonly #controller = new AbortController();
  #underWay = 0;
  #exitCode: number | undefined;
  #isExiting = false;
  readonly #exit: (code: number) => void;
  readonly #onEnd: () => Promise<void>;
  readonly #ends: Promise<void>[] = [];

  /**
   * `onEnd` is called as soon as everything under way has answered after a stop: the time to close sessions. The process
   * ends when that is done, or has lasted too long.
   */
  constructor(exit: (code: number) => void, onEnd: () => Promise<void>) {
    this.#exit = exit;
    this.#onEnd = onEnd;
  }

  /** Aborted as soon as the run is to stop; nothing new may be started then. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Counts a verb as under way until it has answered. */
  async during<Result>(verb: () => Promise<Result>): Promise<Result> {
    this.#underWay += 1;
    try {
      return await verb();
    } finally {
      this.#underWay -= 1;
      this.#endWhenDone();
    }
  }

  /** Ends every wait. */
  stop(why: string): void {
    if (this.signal.aborted) return;
    this.#controller.abort(new Error(why));
    this.#endWhenDone();
  }

  /** Ends every wait, and the process once everything under way has answered. */
  stopAndExit(why: string, exitCode: number): void {
    this.#exitCode ??= exitCode;
    if (this.signal.aborted) this.#endWhenDone();
    else this.stop(why);
  }

  #endWhenDone(): void {
    if (!this.signal.aborted || this.#underWay > 0) return;
    this.#ends.push(this.#onEnd());
    const exitCode = this.#exitCode;
    if (exitCode === undefined || this.#isExiting) return;
    this.#isExiting = true;
    const ended = Promise.allSettled([...this.#ends, passed(flushMs)]);
    void Promise.race([ended, passed(endWithinMs)]).then(() => {
      this.#exit(exitCode);
    });
  }
}

async function passed(delayMs: number): Promise<void> {
  // eslint-disable-next-line no-restricted-syntax -- the process's own end: no clock of a host has a part in it
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

/** Watches the plugin's process for everything that means stop. Call once per process. */
export function watchForStop(plugin: StoppableProcess, onEnd: () => Promise<void>): Stop {
  const stop = new Stop((code) => plugin.exit(code), onEnd);
  subscribe(streamStarted, (message) => {
    if (pathOf(message) === cancelPath) stop.stop("the run was cancelled");
  });
  plugin.on("SIGINT", () => {
    stop.stopAndExit("the plugin was interrupted", 130);
  });
  plugin.on("SIGTERM", () => {
    stop.stopAndExit("the plugin was terminated", 143);
  });
  return stop;
}

function pathOf(message: unknown): unknown {
  if (typeof message !== "object" || message === null || !("headers" in message)) return undefined;
  const { headers } = message;
  if (typeof headers !== "object" || headers === null || !(":path" in headers)) return undefined;
  return headers[":path"];
}

/** Whether this Node announces the streams of its servers: 22.17 and newer, 24.2 and newer, never 23. */
export function canSeeCancel(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const since: Readonly<Record<number, number>> = { 22: 17, 23: Infinity, 24: 2 };
  return major >= 22 && minor >= (since[major] ?? 0);
}
