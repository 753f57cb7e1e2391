import { z } from "zod";

/**
 * Wire contract. In: `Invoke-HvReplica '<base64>'`, the base64 UTF-8 JSON `{ "id": 16 lower-case hex digits, "command":
 * string, "argument": base64 of the JSON of the command's own argument }`. Out: one line `<hvr:ID:BASE64:ID>`, the base64
 * UTF-8 JSON {@link Reply}. A request that cannot be read is answered under {@link unreadableId}.
 */

/** What a request is answered under whose own id cannot be read. */
export const unreadableId = "0000000000000000";

/** An error as the scripts hand it on. */
export interface ReplyError {
  /** In the host's language. */
  readonly message: string;
  /** Full .NET type name. */
  readonly type: string;
  /** HRESULT as an unsigned decimal number; `null` when the error has none. */
  readonly hresult: string | null;
  /** `ErrorCategory`. */
  readonly category: string;
  /** `FullyQualifiedErrorId`. */
  readonly errorId: string;
  /** Whether the one call that changes something had been handed over. */
  readonly isSent: boolean;
}

/** The reply envelope. */
export type Reply = { readonly ok: true; readonly value: object } | { readonly ok: false; readonly error: ReplyError };

const requestSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  command: z.string(),
  argument: z.string(),
});

/** The request envelope. */
export type Request = z.output<typeof requestSchema>;

/** The request behind the text that `Invoke-HvReplica` was given; `undefined` when it cannot be read. */
export function readRequest(text: string): Request | undefined {
  const checked = requestSchema.safeParse(readJson(text));
  return checked.success ? checked.data : undefined;
}

/** The value behind base64 of UTF-8 JSON; `undefined` when it is not that. */
export function readJson(text: string): unknown {
  const bytes = decodeBase64(text);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Base64 of UTF-8 JSON. */
export function writeJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64");
}

/** The line that holds a reply. */
export function frame(id: string, base64: string): string {
  return `<hvr:${id}:${base64}:${id}>`;
}

/**
 * The bytes behind a text, as `[Convert]::FromBase64String` has them: blanks do not count, everything else has to be
 * right. Source: that method's page, learn.microsoft.com. `undefined` where it throws.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replace(/[ \t\r\n]/g, "");
  const bytes = Buffer.from(compact, "base64");
  return bytes.toString("base64") === compact ? bytes : undefined;
}
