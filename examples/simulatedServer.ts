import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** A simulated host that is served over WS-Management by a process of its own. */
export interface SimulatedServer {
  /** Where it is: `http://127.0.0.1:40123/wsman`. */
  readonly url: string;
  readonly pid: number;
  /** The environment variables with which a program reaches it. */
  readonly connection: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/** Runs in the server: it ends when its input does, which happens when the process that started it has ended in any way. */
const endWithInput = `data:text/javascript,process.stdin.resume().once("close",()=>process.kill(process.pid,"SIGTERM"))`;

/** Longest time for the server to end when it is asked to, in milliseconds. */
const endWithinMs = 5_000;

/**
 * Starts `hyperv-replica simulate` on any free port, and waits until it listens.
 * @param cli path of the command's JavaScript.
 * @param scenario path of the scenario file, whose account must be the default one.
 * @throws Error when it does not start; it has said why on stderr.
 */
export async function openSimulatedServer(cli: string, scenario: string): Promise<SimulatedServer> {
  const args = ["--import", endWithInput, cli, "simulate", scenario, "--port", "0"];
  // Detached: Ctrl-C reaches everything that the terminal runs, and the engine still needs the host to stop in good order.
  const child = spawn(process.execPath, args, {
    detached: true,
    windowsHide: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const url = await firstLine(child);
  return { url, pid: child.pid ?? 0, connection: connectionTo(new URL(url)), close: () => close(child) };
}

type Server = ChildProcessByStdio<Writable, Readable, null>;

async function firstLine(child: Server): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) {
    // The further lines are for people who start it themselves.
    child.stdout.resume();
    return line;
  }
  throw new Error("The simulated host did not start.");
}

function connectionTo({ hostname, port, protocol }: URL): Readonly<Record<string, string>> {
  return {
    HYPERV_REPLICA_TRANSPORT: "wsman",
    HYPERV_REPLICA_HOST: hostname,
    HYPERV_REPLICA_PORT: port,
    HYPERV_REPLICA_TLS: String(protocol === "https:"),
    HYPERV_REPLICA_USERNAME: "operator",
    HYPERV_REPLICA_PASSWORD: "simulated",
  };
}

async function close(child: Server): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill("SIGKILL"), endWithinMs);
  const ended = once(child, "exit");
  child.stdin.end();
  await ended;
  clearTimeout(timer);
}
