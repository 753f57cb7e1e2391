import { z } from "zod";
import { oneOf, strict } from "./zodMessages";

/** A reply that does not come as it should, or a request that something on the way answers instead of the host. */
export const brokenReplySchema = strict({
  /** The operation as the journal names it, or `Pull`, `Release`, `Identify`; `*` for any. */
  operation: z.string().min(1),
  /**
   * The call is not carried out: `unauthorized` (401, and the connection is nobody's again), `unavailable` (503),
   * `requestTooLarge` (413), `notFound` (404), `redirect` (302), `loginPage` (200 with HTML, as a proxy sends it).
   * The call is carried out: `half` (the connection breaks within the reply), `notXml`, `tooLarge` (up to 256 MiB),
   * `wrongEncoding` (UTF-16 that calls itself UTF-8).
   */
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
  /** How many requests of the operation go well first. Default 0. */
  after: z.int().min(0).default(0),
  /** How many requests run into it. Default 1. */
  times: z.int().min(1).default(1),
});

/** The WS-Management service of a simulated host: `wsman` in a scenario. The first value of each choice is the default. */
export const wsmanSchema = strict({
  /**
   * How may a datetime parameter be written? `cimDatetime`: a child `cim:Datetime`; `cimDateTimeChoice`: a child
   * `CIM_DateTime` and `xsi:type="cim:cimDateTime"`; `text`: plain text. No public source states it. Default: the first two.
   */
  dateTimeInput: z
    .array(oneOf(["cimDatetime", "cimDateTimeChoice", "text"]))
    .min(1)
    .default(["cimDatetime", "cimDateTimeChoice"]),
  /** May a parameter be there and null (`xsi:nil`), instead of being left out? Open as well. */
  nilInput: oneOf(["accepted", "refused"]).default("accepted"),
  /** May an instance be addressed by some of its keys, if that names one only? Open for the service's classes. */
  someSelectors: oneOf(["accepted", "refused"]).default("accepted"),
  /** How does an error of WMI come? As `MSFT_WmiError`, or within a `ProviderFault` of a `WSManFault`. */
  wmiErrors: oneOf(["wmiError", "providerFault"]).default("wmiError"),
  /** What answers a query that is not WQL? 0x8033801A of the service, or 0x80041017 of WMI. */
  badQuery: oneOf(["cannotProcessFilter", "invalidQuery"]).default("cannotProcessFilter"),
  /** What answers a Get of an instance that is gone? 0x80338000 of the service, or 0x80041002 of WMI. */
  instanceGone: oneOf(["resourceNotFound", "wmiNotFound"]).default("resourceNotFound"),
  /** Is an NTLM logon over TLS refused that is bound to no channel? `CbtHardeningLevel`; one bound to another always is. */
  channelBinding: oneOf(["relaxed", "strict"]).default("relaxed"),
  /** Client certificates, each with the account it stands for. */
  certificates: z
    .array(
      strict({
        /** SHA-1 or SHA-256 of the certificate, in hexadecimal digits. */
        thumbprint: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i, {
          error: "expected a SHA-1 or SHA-256 in hexadecimal digits, without colons",
        }),
        user: z.string().min(1),
      }),
    )
    .default([]),
  /** `MaxEnvelopeSizekb`: the largest request, and the largest reply. */
  maxEnvelopeSizeKb: z.int().min(32).default(500),
  /** `MaxTimeoutms`: the longest `OperationTimeout`, and the one of requests that name none. Real milliseconds. */
  maxTimeoutMs: z.int().min(500).default(60_000),
  /** `MaxBatchItems`: the most items in one reply. */
  maxBatchItems: z.int().min(1).default(32_000),
  /** `MaxConcurrentOperationsPerUser`: requests under way and enumerations that are not at their end. */
  maxOperationsPerUser: z.int().min(1).default(1_500),
  /** `EnumerationTimeoutms`: how long an enumeration waits for the next Pull. Real milliseconds. */
  enumerationTimeoutMs: z.int().min(1).default(60_000),
  /** Replies that do not come as they should. */
  brokenReplies: z.array(brokenReplySchema).default([]),
});

/** How the WS-Management service of a host behaves. */
export type WsmanBehaviour = z.output<typeof wsmanSchema>;
/** The same, as it is written. */
export type WsmanBehaviourInput = z.input<typeof wsmanSchema>;
/** A broken reply. */
export type BrokenReply = z.output<typeof brokenReplySchema>;
/** A broken reply as it is written. */
export type BrokenReplyInput = z.input<typeof brokenReplySchema>;
