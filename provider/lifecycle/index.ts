import { randomUUID } from "node:crypto";
import { connectToEngineLog, createProgress, type LogService, paceFor } from "../progress/engineLog";
import { atBorder, toIdText } from "./border";
import { check as checkInputs } from "./check";
import { forget as forgetRequest } from "./delete";
import { diff as compare } from "./diff";
import { read as bringUpToDate } from "./read";
import { runRequest } from "./runRequest";
import { update as carryOutUpdate } from "./update";
import type { LifecycleContext, Properties } from "./context";
import { Ledger } from "./ledger";
import { Sessions } from "./sessions";
import { canSeeCancel, type Stop, watchForStop } from "./stop";

/** What the shim hands to `configure`. */
export interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined };
}

/** The one plugin process: made at the first verb, so that loading the module has no effect. */
interface Plugin {
  readonly stop: Stop;
  readonly context: LifecycleContext;
}

let config: ConfigureRequest["config"] | undefined;
let plugin: Plugin | undefined;

/**
 * Keeps the stack's configuration. Never awaits, reads or throws: the shim caches the provider before this has ended,
 * and other resources would run unconfigured.
 */
export function configure(request: ConfigureRequest): Promise<void> {
  config = request.config;
  return Promise.resolve();
}

/** Pulumi's `check`. */
export async function check(olds: Properties, news: Properties): Promise<{ inputs: unknown; failures: unknown[] }> {
  return run(async (context) => {
    const { inputs, failures } = checkInputs(olds, news, context);
    return { inputs, failures: [...failures] };
  });
}

/** Pulumi's `diff`. */
export async function diff(
  id: string,
  olds: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces: string[]; deleteBeforeReplace: boolean }> {
  return run(async (context) => {
    const { replaces, ...rest } = compare(id, olds, news, context);
    return { ...rest, replaces: [...replaces] };
  });
}

/** Pulumi's `create`. */
export async function create(news: Properties): Promise<{ id: string; outs: Record<string, unknown> }> {
  return run(async (context) => {
    const { id, outs } = await runRequest(news, context);
    return { id: toIdText(id), outs };
  });
}

/** Pulumi's `update`. */
export async function update(
  id: string,
  olds: Properties,
  news: Properties,
): Promise<{ outs: Record<string, unknown> }> {
  return run(async (context) => carryOutUpdate(id, olds, news, context));
}

/** Pulumi's `read`. */
export async function read(id: string, props: Properties): Promise<{ id: string; props: Record<string, unknown> }> {
  return run(async (context) => {
    const result = await bringUpToDate(id, props, context);
    return { id: toIdText(result.id), props: { ...result.props } };
  });
}

/** Pulumi's `delete`. */
async function forget(id: string, props: Properties): Promise<void> {
  await run(async (context) => {
    forgetRequest(id, props, context);
  });
}
export { forget as delete };

async function run<Result>(verb: (context: LifecycleContext) => Promise<Result>): Promise<Result> {
  return atBorder(async () => {
    plugin ??= openPlugin();
    const { stop, context } = plugin;
    return stop.during(() => verb(context));
  });
}

function openPlugin(): Plugin {
  const sessions = new Sessions(process.platform);
  const stop = watchForStop(process, () => sessions.closeAll());
  const pace = paceFor(process.env);
  const log: LogService = connectToEngineLog(process.argv.at(-1));
  const context: LifecycleContext = {
    sources: { config: (key) => config?.get(key), environment: process.env, platform: process.platform },
    stopSignal: stop.signal,
    ledger: new Ledger(),
    progressFor: (urn) => createProgress(log, typeof urn === "string" ? urn : "", pace, () => Date.now()),
    openSession: (connection) => sessions.get(connection),
    newRequestId: randomUUID,
    announced: new Set(),
  };
  if (!canSeeCancel(process.version)) {
    context
      .progressFor("")
      .warn(
        `Node ${process.version} does not show the engine's Cancel: a wait does not end at Ctrl-C. Use Node 22.17 or newer`,
      );
  }
  return { stop, context };
}
