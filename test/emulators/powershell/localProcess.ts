import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { ConsoleProcess } from "./consoleProcess";

/** This process. */
export const localProcess: ConsoleProcess = {
  write(stream, text) {
    let bytes = Buffer.from(text);
    while (bytes.length > 0) bytes = bytes.subarray(writeSome(stream === "stdout" ? 1 : 2, bytes));
  },
  die() {
    process.kill(process.pid, "SIGKILL");
    // Until the signal arrives nothing may happen.
    pause(Infinity);
    throw new Error("killed, and still here");
  },
  exit: (code) => process.exit(code),
  sleep: async (delayMs) => delay(delayMs),
  ignoreSigterm() {
    process.on("SIGTERM", () => undefined);
  },
};

/** Not through process.stdout: what was written is out, whatever happens next. @returns how many bytes were taken. */
function writeSome(descriptor: number, bytes: Buffer): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // The reader is gone. .NET continues as if all had been written (ConsolePal.Unix.cs, Write), so the command is run.
    if (code === "EPIPE") return bytes.length;
    if (code !== "EAGAIN") throw error;
    // The reader is slower than this process.
    pause(1);
    return 0;
  }
}

function pause(delayMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs);
}
