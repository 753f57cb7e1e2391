import { createRequire } from "node:module";
import { toPrintable } from "../core/text/printable";
import type { ProgressSink } from "../core/host/ports";

/** How a line is shown. Source: `LogSeverity` in `engine.proto` of the Pulumi SDK. */
type Severity = "INFO" | "WARNING";

/** One line for the engine's log service. */
interface LogLine {
  readonly severity: Severity;
  readonly message: string;
  readonly urn: string;
  /** Shown beside the resource and gone when the next one comes; others stay in the closing diagnostics. */
  readonly ephemeral: boolean;
}

/** Where lines go. */
export type LogService = (line: LogLine) => void;

/** Longest line: a status that wraps is worse than one that ends early. */
const longestMessage = 1_000;

/**
 * The engine's own log service, the one way to put a line beside a resource: what a plugin prints appears under the
 * stack. Without an engine the lines go nowhere. Lines are lost rather than waited for.
 * @param address - The engine's address: the last argument of a dynamic provider's process.
 */
export function connectToEngineLog(address: string | undefined): LogService {
  if (address === undefined || !/^[^\s/\\]+:\d+$/.test(address)) return () => undefined;
  // Both from the SDK's own folder: credentials of another copy of grpc-js are refused.
  const ofSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const grpc = ofSdk("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  const { EngineClient } = ofSdk("@pulumi/pulumi/proto/engine_grpc_pb") as EngineModule;
  const { LogRequest, LogSeverity } = ofSdk("@pulumi/pulumi/proto/engine_pb") as MessageModule;
  const client = new EngineClient(address, grpc.credentials.createInsecure());
  return ({ severity, message, urn, ephemeral }) => {
    const request = new LogRequest();
    request.setSeverity(LogSeverity[severity]);
    request.setMessage(toPrintable(message.slice(0, longestMessage)));
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    client.log(request, () => undefined);
  };
}

interface LogRequestMessage {
  setSeverity(severity: number): void;
  setMessage(message: string): void;
  setUrn(urn: string): void;
  setEphemeral(ephemeral: boolean): void;
}

interface MessageModule {
  readonly LogRequest: new () => LogRequestMessage;
  readonly LogSeverity: Readonly<Record<Severity, number>>;
}

interface EngineModule {
  readonly EngineClient: new (
    address: string,
    credentials: unknown,
  ) => { log(request: LogRequestMessage, done: (error: unknown) => void): void };
}

/** First and longest pause between two status lines of one resource, in milliseconds. */
export interface StatusPace {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** On a terminal the line is overwritten: often at first, then as often as anybody looks. */
const onTerminal: StatusPace = { firstMs: 1_000, longestMs: 15_000 };
/** In a pipeline every line stays: one a minute. */
const inPipeline: StatusPace = { firstMs: 60_000, longestMs: 60_000 };

/** The pace for the place where the engine runs: pipelines set `CI`. */
export function paceFor(environment: Readonly<Record<string, string | undefined>>): StatusPace {
  const ci = environment.CI;
  return ci === undefined || ci === "" || ci === "false" ? onTerminal : inPipeline;
}

/**
 * Progress of one resource: status lines no more often than the pace says, and only when something has moved.
 * @param now - Real time in milliseconds: this is about readers, not about the host.
 */
export function createProgress(log: LogService, urn: string, pace: StatusPace, now: () => number): ProgressSink {
  let shown = "";
  let nextAt = 0;
  let pauseMs = pace.firstMs;
  const send = (severity: Severity, message: string, ephemeral: boolean): void => {
    try {
      log({ severity, message, urn, ephemeral });
    } catch {
      // A line that cannot be sent is lost: it must not end a request that has begun on a host.
    }
  };
  return {
    status(message) {
      const at = now();
      if (message === shown || at < nextAt) return;
      shown = message;
      nextAt = at + pauseMs;
      pauseMs = Math.min(pace.longestMs, pauseMs * 1.5);
      send("INFO", message, true);
    },
    info(message) {
      send("INFO", message, false);
    },
    warn(message) {
      send("WARNING", message, false);
    },
  };
}
