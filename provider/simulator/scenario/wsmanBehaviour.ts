import { z } from "zod";
import { takesExactly } from "./takesExactly";
import type { BrokenReplyInput, WsmanInput } from "./wsmanInput";
import { oneOf, strict } from "./zodMessages";

/** A broken reply; what each key means: {@link BrokenReplyInput}. */
export const brokenReplySchema = takesExactly<BrokenReplyInput>()(
  strict({
    operation: z.string().min(1),
    kind: oneOf([
      "unauthorized",
      "unavailable",
      "requestTooLarge",
      "notFound",
      "redirect",
      "loginPage",
      "half",
      "notXml",
      "tooLarge",
      "wrongEncoding",
    ]),
    after: z.int().min(0).default(0),
    times: z.int().min(1).default(1),
  }),
);

/** The key `wsman` of a scenario; what each key in it means: {@link WsmanInput}. The first of each choice is the default. */
export const wsmanSchema = takesExactly<WsmanInput>()(
  strict({
    dateTimeInput: z
      .array(oneOf(["cimDatetime", "cimDateTimeChoice", "text"]))
      .min(1)
      .default(["cimDatetime", "cimDateTimeChoice"]),
    nilInput: oneOf(["accepted", "refused"]).default("accepted"),
    someSelectors: oneOf(["accepted", "refused"]).default("accepted"),
    wmiErrors: oneOf(["wmiError", "providerFault"]).default("wmiError"),
    badQuery: oneOf(["cannotProcessFilter", "invalidQuery"]).default("cannotProcessFilter"),
    instanceGone: oneOf(["resourceNotFound", "wmiNotFound"]).default("resourceNotFound"),
    channelBinding: oneOf(["relaxed", "strict"]).default("relaxed"),
    certificates: z
      .array(
        strict({
          thumbprint: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i, {
            error: "expected a SHA-1 or SHA-256 in hexadecimal digits, without colons",
          }),
          user: z.string().min(1),
        }),
      )
      .default([]),
    maxEnvelopeSizeKb: z.int().min(32).default(500),
    maxTimeoutMs: z.int().min(500).default(60_000),
    maxBatchItems: z.int().min(1).default(32_000),
    maxOperationsPerUser: z.int().min(1).default(1_500),
    enumerationTimeoutMs: z.int().min(1).default(60_000),
    brokenReplies: z.array(brokenReplySchema).default([]),
  }),
);

/** How the WS-Management service of a host behaves. */
export type WsmanBehaviour = z.output<typeof wsmanSchema>;
/** A broken reply. */
export type BrokenReply = z.output<typeof brokenReplySchema>;
