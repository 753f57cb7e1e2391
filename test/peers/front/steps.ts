import { z } from "zod";
import { isReplicaResyncError } from "../../../provider/core/errors";
import type { ReplicationHost } from "../../../provider/core/host/ports";

/** What a client is told to do with a host. */
export const stepSchema = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("readService") }),
  z.strictObject({ do: z.literal("readVms") }),
  z.strictObject({ do: z.literal("readHealthReasons"), vmId: z.string() }),
  z.strictObject({ do: z.literal("readJobs") }),
  z.strictObject({ do: z.literal("startResync"), vmId: z.string() }),
  /** So many readings of the service, all at once. */
  z.strictObject({ do: z.literal("readTogether"), times: z.int() }),
]);
export type Step = z.output<typeof stepSchema>;

/** What came of it. */
export const outcomeSchema = z.union([
  z.strictObject({ value: z.unknown() }),
  z.strictObject({
    error: z.strictObject({
      code: z.string(),
      effect: z.string(),
      message: z.string(),
    }),
  }),
]);
export type Outcome = z.output<typeof outcomeSchema>;

/** A client that carries steps out, here or in a process of its own. */
export interface Client {
  ask(step: Step): Promise<Outcome>;
  close(): Promise<void>;
}

/** Does it with a host in this process. @throws what is no error of the package. */
export async function carryOut(host: ReplicationHost, step: Step): Promise<Outcome> {
  try {
    return { value: await valueOf(host, step) };
  } catch (error) {
    if (!isReplicaResyncError(error)) throw error;
    const { code, effect, message } = error;
    return { error: { code, effect, message } };
  }
}

async function valueOf(host: ReplicationHost, step: Step): Promise<unknown> {
  const options = { signal: AbortSignal.timeout(longestMs) };
  switch (step.do) {
    case "readService":
      return host.readService(options);
    case "readVms":
      return [...(await host.readVms(options)).values()];
    case "readHealthReasons":
      return host.readHealthReasons({ vmId: step.vmId, kind: "primary" }, options);
    case "readJobs":
      return host.readResyncJobs(options);
    case "startResync":
      return host.startResync({ vmId: step.vmId }, options);
    case "readTogether":
      return Promise.all(Array.from({ length: step.times }, async () => host.readService(options)));
    default:
      return step satisfies never;
  }
}

/** Longer than any step takes: a step that hangs is to fail for itself. */
const longestMs = 30_000;
