import type { Deployment } from "./deployment";

/** What a run that did not succeed exits with, as the CLI does. */
export const failureExitCode = 255;

/** One keypress can reach this process more than once: from the terminal, and again from npm above it. */
const sameKeypressMs = 200;

/**
 * The first SIGINT or SIGTERM tells the plugins at once and lets what is under way come to its end. The second, of
 * either kind, ends everything: then a pending operation stays in the state, and the stack stays locked.
 */
export function watchInterrupts(d: Deployment): () => void {
  let firstAt: number | undefined;
  let isTerminating = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signal !== "SIGINT" && signal !== "SIGTERM") return;
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      d.events.emit({ type: "interrupt", signal, terminates: false });
      d.halt.call("canceled");
      void d.provider.interrupt(d.events);
    } else if (now - firstAt > sameKeypressMs && !isTerminating) {
      isTerminating = true;
      void terminate(d, signal);
    }
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
}

async function terminate(d: Deployment, signal: "SIGINT" | "SIGTERM"): Promise<void> {
  d.snapshot.freeze();
  d.halt.abandon();
  d.events.emit({ type: "interrupt", signal, terminates: true });
  d.events.emit({ type: "log", urn: d.stackUrn, severity: "error", message: "update failed", ephemeral: false });
  await d.provider.interrupt(d.events);
  await d.provider.stop();
  d.events.emit({ type: "result", status: "canceled", seconds: process.uptime() });
  process.stdout.write("", () => process.exit(failureExitCode));
}
