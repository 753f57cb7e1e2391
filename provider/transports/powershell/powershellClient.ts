import { z } from "zod";
import { ReplicaResyncError } from "../../core/errors";
import type { MethodReply } from "../../core/host/ports";
import { type CimClient, linkNumber, type LinkRef, type ReadClass } from "../cim/cimClient";
import type { PowerShellSession } from "./powershellSession";

/** What the commands answer. Wire contract: the scripts' own, in the comment that each begins with. */
const serviceShape = z.object({ rows: z.array(z.unknown()), at: z.iso.datetime() });
const rowsShape = z.record(z.string(), z.array(z.unknown()));
const healthShape = z.object({ returnValue: z.int(), output: z.unknown() });
const methodShape = z.object({ returnValue: z.int(), jobId: z.string().min(1).optional() });

/** CIM calls of a host that PowerShell reaches. */
export class PowerShellClient implements CimClient {
  constructor(
    readonly address: string,
    private readonly session: PowerShellSession,
  ) {}

  async readService(signal: AbortSignal): Promise<{ readonly rows: readonly unknown[]; readonly at: string }> {
    const step = "read Msvm_ReplicationService";
    const value = await this.session.call({ name: "Get-HvReplicaService", argument: {}, step }, signal);
    return this.#parse(value, serviceShape, step);
  }

  async readRows(
    classNames: readonly ReadClass[],
    signal: AbortSignal,
    vmId?: string,
  ): Promise<ReadonlyMap<ReadClass, readonly unknown[]>> {
    const step = `read ${classNames.join(", ")}`;
    const argument = { classes: classNames, ...(vmId !== undefined && { vmId }) };
    const value = await this.session.call({ name: "Get-HvReplicaRows", argument, step }, signal);
    const rows = this.#parse(value, rowsShape, step);
    return new Map(
      classNames.flatMap((name) => {
        const ofClass = rows[name];
        return ofClass === undefined ? [] : [[name, ofClass] as const];
      }),
    );
  }

  async readStatistics({ vmId, kind }: LinkRef, signal: AbortSignal): Promise<unknown> {
    const step = "call GetReplicationStatisticsEx";
    const argument = { vmId, link: linkNumber[kind] };
    const value = await this.session.call({ name: "Get-HvReplicaHealth", argument, step }, signal);
    const { returnValue, output } = this.#parse(value, healthShape, step);
    return returnValue === 0 ? output : undefined;
  }

  async resynchronize(
    { vmId, startTime }: { vmId: string; startTime?: string },
    signal: AbortSignal,
  ): Promise<MethodReply> {
    const argument = { vmId, ...(startTime !== undefined && { startTime: cimDateTime(startTime) }) };
    const step = "call Resynchronize";
    return this.#change(
      await this.session.call({ name: "Start-HvReplicaResync", argument, step, isChange: true }, signal),
      step,
    );
  }

  async requestStateChange(
    { vmId, kind, requestedState }: LinkRef & { requestedState: 3 | 7 | 9 },
    signal: AbortSignal,
  ): Promise<MethodReply> {
    const argument = { vmId, link: linkNumber[kind], requestedState };
    const step = "call RequestReplicationStateChangeEx";
    return this.#change(
      await this.session.call({ name: "Request-HvReplicaState", argument, step, isChange: true }, signal),
      step,
    );
  }

  async close(): Promise<void> {
    await this.session.close();
  }

  #change(value: unknown, step: string): MethodReply {
    const { returnValue, jobId } = this.#parse(value, methodShape, step, "unknown");
    return { returnCode: returnValue, ...(jobId !== undefined && { jobId }) };
  }

  #parse<Shape extends z.ZodType>(
    value: unknown,
    shape: Shape,
    step: string,
    effect: "none" | "unknown" = "none",
  ): z.output<Shape> {
    const checked = shape.safeParse(value);
    if (checked.success) return checked.data;
    throw new ReplicaResyncError(
      "BAD_REPLY",
      `could not ${step}: an unexpected reply: ${z.prettifyError(checked.error)}`,
      {
        effect,
        context: { host: this.address, step },
        cause: checked.error,
        remedy: "Report this as a bug of this package",
      },
    );
  }
}

/**
 * A timestamp as CIM writes it, which no PowerShell turns into local time. Source: "CIM DATETIME", learn.microsoft.com:
 * `yyyymmddHHMMSS.mmmmmmsUUU`.
 */
function cimDateTime(iso: string): string {
  const [date = "", time = ""] = new Date(iso).toISOString().slice(0, -1).split("T");
  const [seconds = "", milliseconds = ""] = time.split(".");
  return `${date.replaceAll("-", "")}${seconds.replaceAll(":", "")}.${milliseconds}000+000`;
}
