import { availableParallelism } from "node:os";
import { DefaultProvider } from "./defaultProvider";
import { deleteAll } from "./deletions";
import type { Deployment } from "./deployment";
import { fail } from "./deployment";
import { EngineServiceHost } from "./engineService";
import type { Events, RunStatus } from "./events";
import { Halt } from "./halt";
import { watchInterrupts } from "./interrupts";
import { Limiter } from "./limiter";
import { Lock } from "./lock";
import { runProgram } from "./program";
import { readConfig, readProject } from "./project";
import { refreshAll } from "./refresh";
import { Snapshot } from "./state";
import { StateFile } from "./stateFile";
import { stackUrnOf } from "./urn";
import { Wire } from "./wire";

/** One run, as the command line asks for it. */
export interface RunOptions {
  readonly command: "preview" | "up" | "refresh" | "destroy";
  /** Read everything again first. */
  readonly refresh: boolean;
  /** Run the program in a refresh, so that today's configuration is used. */
  readonly runProgram: boolean;
  readonly cwd: string;
  readonly stack: string;
  readonly stateFile: string;
  readonly config: readonly string[];
  readonly secret: readonly string[];
  readonly record: string | undefined;
  readonly parallel: number | undefined;
}

/** The CLI runs four steps per core at a time unless told otherwise. */
const stepsPerCore = 4;

/** Does one run from start to end. What goes wrong with resources is reported; @throws for what prevents the run. */
export async function run(options: RunOptions, events: Events): Promise<RunStatus> {
  const isPreview = options.command === "preview";
  const lock = new Lock(options.stateFile);
  if (!isPreview) lock.acquire();
  try {
    return await runLocked(options, events, isPreview);
  } finally {
    if (!isPreview) lock.release();
  }
}

async function runLocked(options: RunOptions, events: Events, isPreview: boolean): Promise<RunStatus> {
  const startedAt = performance.now();
  const d = deploymentOf(options, events, isPreview);
  const service = new EngineServiceHost(events, d.stackUrn);
  const engineAddress = await service.open();
  d.provider.engineAddress = engineAddress;
  events.emit({ type: "start", command: options.command, preview: isPreview, stackUrn: d.stackUrn });
  const stopWatching = watchInterrupts(d);
  try {
    warnOfPendingOperations(d, options.command);
    await work(d, options, engineAddress);
  } catch (error) {
    fail(d, d.stackUrn, error);
  } finally {
    await d.halt.settled();
    if (d.halt.reason === "canceled") {
      events.emit({ type: "log", urn: d.stackUrn, severity: "error", message: "update canceled", ephemeral: false });
    }
    await d.provider.sayGoodbye(events);
    await d.provider.stop();
    service.shut();
    stopWatching();
  }
  const status = d.halt.reason ?? "succeeded";
  events.emit({ type: "result", status, seconds: (performance.now() - startedAt) / 1_000 });
  return status;
}

async function work(d: Deployment, options: RunOptions, engineAddress: string): Promise<void> {
  const { command, runProgram: isProgramRefresh } = options;
  if (command === "refresh" && isProgramRefresh) {
    await runProgram(d, engineAddress, true);
    return;
  }
  if (command === "refresh" || options.refresh) await refreshAll(d);
  if (d.halt.reason !== undefined || command === "refresh") return;
  if (command === "destroy") await deleteAll(d, d.snapshot.unsettled);
  else await runProgram(d, engineAddress, false);
}

function deploymentOf(options: RunOptions, events: Events, isPreview: boolean): Deployment {
  const project = readProject(options.cwd);
  const identity = { project: project.name, stack: options.stack };
  const stackUrn = stackUrnOf(identity);
  const config = readConfig(project, options.stack, { plain: options.config, secret: options.secret });
  const file = new StateFile(options.stateFile, process.env["PULUMI_CONFIG_PASSPHRASE"] ?? "");
  const state = file.load();
  const snapshot = new Snapshot(state, (resources, pendingOperations) => {
    if (!isPreview) file.save({ ...state, resources, pendingOperations });
  });
  const wire = new Wire(options.record);
  const context = { project, events, wire, stackUrn };
  const provider = new DefaultProvider(identity, config, { context, snapshot, isPreview });
  const parallel = options.parallel ?? availableParallelism() * stepsPerCore;
  const limiter = new Limiter(parallel);
  const halt = new Halt();
  return { project, identity, stackUrn, config, isPreview, parallel, limiter, snapshot, events, wire, halt, provider };
}

function warnOfPendingOperations(d: Deployment, command: RunOptions["command"]): void {
  const pending = d.snapshot.pendingOperations;
  if (pending.length === 0 || command === "refresh") return;
  const message = [
    `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.`,
    ...pending.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}`),
    "These resources are in an unknown state because the engine was interrupted while waiting for changes to these " +
      "resources to complete. You should confirm whether or not the operations listed completed successfully.",
  ].join("\n");
  d.events.emit({ type: "log", urn: d.stackUrn, severity: "warning", message, ephemeral: false });
}
