import type { ProgressSink } from "../../provider/core/host/ports";

/** One call that reached a host. */
export interface Call {
  readonly operation: string;
  readonly vmId?: string;
  readonly startTime?: string;
  readonly requestedState?: number;
}

/** Every call that reached a host, in order. */
export class CallLog {
  readonly calls: Call[] = [];

  add(call: Call): void {
    this.calls.push(call);
  }

  /** How often `Resynchronize` was called. */
  get starts(): number {
    return this.count("startResync");
  }

  /** The states that were requested, in order: 3 resume, 7 suspend, 9 cancel. */
  get requestedStates(): readonly (number | undefined)[] {
    return this.calls.filter((call) => call.operation === "requestReplicationState").map((call) => call.requestedState);
  }

  count(operation: string): number {
    return this.calls.filter((call) => call.operation === operation).length;
  }
}

/** Everything that was shown, in order: `status: …`, `info: …`, `warn: …`. */
export class LineLog implements ProgressSink {
  readonly lines: string[] = [];

  status(message: string): void {
    this.lines.push(`status: ${message}`);
  }

  info(message: string): void {
    this.lines.push(`info: ${message}`);
  }

  warn(message: string): void {
    this.lines.push(`warn: ${message}`);
  }

  /** All lines as one text. */
  get text(): string {
    return this.lines.join("\n");
  }
}
