import { z } from "zod";

/**
 * - `unreachable`: no connection came about; `untrusted`: it did, and the certificate is not accepted.
 * - `gone`: an idle connection was closed before a byte went over it.
 * - `lost`: it broke, or a deadline passed, while the reply was waited for.
 * - `unproven`: the host's last token does not prove that it is who was meant, or the caller's own proof ran out by then.
 * - `badReply`: an answer that is no HTTP, or too large, or not sealed where it has to be.
 * - `aborted`: the caller wants it no more.
 */
export type FailureKind = "unreachable" | "untrusted" | "gone" | "lost" | "unproven" | "badReply" | "aborted";

/** Something went wrong on the way to the host or back. */
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

/** Whether a signal was aborted by a deadline, and not by whoever wants no answer any more. */
export function isTimeout(reason: unknown): boolean {
  return nodeError.safeParse(reason).data?.name === "TimeoutError";
}

/** By what it has: an error of Node is not always an instance of this context's `Error`. */
const nodeError = z.object({
  name: z.string().optional(),
  code: z.union([z.string(), z.number().transform(() => undefined)]).optional(),
  errors: z.array(z.unknown()).optional(),
});
