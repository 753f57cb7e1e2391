import { z } from "zod";

/**
 * - `unreachable`: could not connect; `untrusted`: the certificate is not accepted.
 * - `gone`: an idle connection was closed before a byte went over it.
 * - `lost`: the connection was lost, or a deadline passed, while waiting for the reply.
 * - `unproven`: the host's last token does not prove its identity, or the caller's own proof has expired by then.
 * - `badReply`: a response that is not HTTP, or too large, or not encrypted where it has to be.
 * - `aborted`: the caller has stopped it.
 */
export type FailureKind = "unreachable" | "untrusted" | "gone" | "lost" | "unproven" | "badReply" | "aborted";

/** An exchange with the host failed. */
export class HttpFailure extends Error {
  readonly kind: FailureKind;
  /** Whether the host may have got the message: a change may have been made then. */
  readonly mayHaveArrived: boolean;
  readonly remedy: string | undefined;

  constructor(
    kind: FailureKind,
    message: string,
    { mayHaveArrived = false, remedy, cause }: { mayHaveArrived?: boolean; remedy?: string; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "HttpFailure";
    this.kind = kind;
    this.mayHaveArrived = mayHaveArrived;
    this.remedy = remedy;
  }
}

/** The code of an error of Node ("ECONNREFUSED"), also of the first of several addresses that were tried. */
export function codeOf(error: unknown): string | undefined {
  const { data } = nodeError.safeParse(error);
  return data?.code ?? codeOfFirst(data?.errors);
}

function codeOfFirst(errors: readonly unknown[] | undefined): string | undefined {
  return errors?.[0] === undefined ? undefined : codeOf(errors[0]);
}

/** Whether a signal was aborted by a deadline, and not by the caller. */
export function isTimeout(reason: unknown): boolean {
  return nodeError.safeParse(reason).data?.name === "TimeoutError";
}

/** By what it has: an error of Node is not always an instance of this context's `Error`. */
const nodeError = z.object({
  name: z.string().optional(),
  code: z.union([z.string(), z.number().transform(() => undefined)]).optional(),
  errors: z.array(z.unknown()).optional(),
});
