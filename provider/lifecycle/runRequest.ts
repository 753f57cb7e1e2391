import type { ResyncRecord } from "../core/record/record";
import type { EarlierRun } from "../core/decide/decision";
import { resync } from "../core/resync";
import type { ResyncResult } from "../core/record/result";
import type { ResyncRequest } from "../core/record/request";
import { describeReturnCode } from "../core/hyperv/returnCode";
import { toInputs } from "../state/checkFailures";
import { toOutputs } from "../state/outputs";
import { resolveConnection } from "../connection/resolveConnection";
import { CheckpointError } from "./border";
import type { LifecycleContext, Properties } from "./context";
import { resourceId, toRequest } from "./toRequest";
import { warnOfConnection } from "./warnOfConnection";

/** An ended or begun request as the engine is to keep it. */
export interface Kept {
  readonly id: string;
  readonly outs: Record<string, unknown>;
}

/** What an earlier run left behind. */
export interface Earlier {
  /** The request itself, when it has not ended. */
  readonly resume?: ResyncRecord;
  /** A request that ended well, of a VM that was found to require one again. */
  readonly heal?: ResyncRecord;
  /** The VM, when it was found before. */
  readonly vmId?: string;
  /** The job of the request before this one. */
  readonly earlierJobId?: string;
}

/**
 * Carries out the request of these inputs. The host is looked at first: the engine calls `create` again without any memory
 * after a kill, and a resync that runs by then is waited for. What an earlier attempt of this run left behind goes before `resumed`, and
 * keeps it from calling again.
 * @throws {@link CheckpointError} when something may have begun on the host: the next `pulumi up` resumes it.
 */
export async function runRequest(news: Properties, context: LifecycleContext, resumed: Earlier = {}): Promise<Kept> {
  const rejection = context.ledger.findRejection(news);
  if (rejection !== undefined) throw rejection;
  const earlier = context.ledger.find(news);
  try {
    return await carryOut(news, context, resumed, earlier);
  } catch (error) {
    if (earlier === undefined || error instanceof CheckpointError) throw error;
    const kind = news.relationship === "extended" ? "extended" : "primary";
    const cause = error instanceof Error ? error : new Error(String(error));
    throw new CheckpointError(cause, { id: resourceId(earlier.vmId, kind), properties: toOutputs(news, earlier) });
  }
}

async function carryOut(
  news: Properties,
  context: LifecycleContext,
  resumed: Earlier,
  earlier: ResyncRecord | undefined,
): Promise<Kept> {
  const inputs = toInputs(news);
  const connection = resolveConnection(inputs.connection ?? {}, context.sources);
  const goOn = earlierRun(resumed, earlier);
  const { earlierJobId } = resumed;
  const request: ResyncRequest = {
    ...toRequest(inputs, connection.maxConcurrentResyncs, goOn?.record.vmId ?? resumed.vmId),
    ...(earlierJobId !== undefined && { earlierJobId }),
  };
  const progress = context.progressFor(news.__urn);
  warnOfConnection(connection, context.announced, progress);
  const result = await resync(
    request,
    {
      session: context.openSession(connection),
      progress,
      signal: context.stopSignal,
      newRequestId: context.newRequestId,
    },
    goOn,
  );
  const id = (vmId: string): string => resourceId(vmId, request.kind);
  if (result.ok) {
    context.ledger.keep(news, undefined);
    progress.info(sentenceFor(result.record));
    return { id: id(result.record.vmId), outs: toOutputs(news, result.record) };
  }
  const thrown = toThrown(result, news, context, resumed.resume, id);
  if (result.isRejected === true) context.ledger.keepRejection(news, thrown);
  throw thrown;
}

/** What an earlier attempt of this run left goes before what an earlier run left. */
function earlierRun({ resume, heal }: Earlier, attempt: ResyncRecord | undefined): EarlierRun | undefined {
  if (attempt !== undefined) return { kind: "resume", record: attempt, mayStart: false };
  if (resume !== undefined) return { kind: "resume", record: resume, mayStart: true };
  return heal && { kind: "heal", record: heal };
}

/** What is thrown for a request that did not end well: with a record it is kept, without one nothing has begun. */
function toThrown(
  result: Extract<ResyncResult, { ok: false }>,
  news: Properties,
  { ledger }: LifecycleContext,
  stored: ResyncRecord | undefined,
  id: (vmId: string) => string,
): Error {
  const { error, record } = result;
  if (record === undefined || record === stored) return error;
  ledger.keep(news, record);
  return new CheckpointError(error, { id: id(record.vmId), properties: toOutputs(news, record) });
}

/** The closing line of a request that ended well. */
export function sentenceFor(record: ResyncRecord): string {
  const { vmName, outcome, reason, durationSeconds, returnCode } = record;
  const code = returnCode === undefined ? "" : `, Resynchronize returned ${describeReturnCode(returnCode)}`;
  const took = durationSeconds === undefined ? "" : ` in ${durationSeconds} s`;
  switch (outcome) {
    case "completed":
      return `${vmName}: resynchronized${took}${code}${reason === undefined ? "" : ` (${reason})`}`;
    case "skipped":
      return `${vmName}: skipped: ${reason ?? ""}`;
    default:
      return `${vmName}: ${outcome}: ${reason ?? ""}${code}`;
  }
}
