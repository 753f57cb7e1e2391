/** How the WS-Management service of a simulated host behaves. The first value of each choice is the default. */
export interface WsmanInput {
  /**
   * How may a datetime parameter be written? `cimDatetime`: a child `cim:Datetime`; `cimDateTimeChoice`: a child
   * `CIM_DateTime` and `xsi:type="cim:cimDateTime"`; `text`: plain text. No public source states it. Default: the first two.
   */
  readonly dateTimeInput?: readonly ("cimDatetime" | "cimDateTimeChoice" | "text")[] | undefined;
  /** May a parameter be there and null (`xsi:nil`), instead of being left out? Open as well. */
  readonly nilInput?: "accepted" | "refused" | undefined;
  /** May an instance be addressed by some of its keys, if that names one only? Open for the service's classes. */
  readonly someSelectors?: "accepted" | "refused" | undefined;
  /** How does an error of WMI come? As `MSFT_WmiError`, or within a `ProviderFault` of a `WSManFault`. */
  readonly wmiErrors?: "wmiError" | "providerFault" | undefined;
  /** What answers a query that is not WQL? 0x8033801A of the service, or 0x80041017 of WMI. */
  readonly badQuery?: "cannotProcessFilter" | "invalidQuery" | undefined;
  /** What answers a Get of an instance that is gone? 0x80338000 of the service, or 0x80041002 of WMI. */
  readonly instanceGone?: "resourceNotFound" | "wmiNotFound" | undefined;
  /** Is NTLM over TLS refused when it is bound to no channel? `CbtHardeningLevel`; when bound to another, it always is. */
  readonly channelBinding?: "relaxed" | "strict" | undefined;
  /** Client certificates by their thumbprint (SHA-1 or SHA-256, hexadecimal digits), each with its account. Default none. */
  readonly certificates?: readonly { readonly thumbprint: string; readonly user: string }[] | undefined;
  /** `MaxEnvelopeSizekb`: the largest request, and the largest reply. Default 500. */
  readonly maxEnvelopeSizeKb?: number | undefined;
  /** `MaxTimeoutms`: the longest `OperationTimeout`, and the one of requests that name none. Real time. Default 60,000. */
  readonly maxTimeoutMs?: number | undefined;
  /** `MaxBatchItems`: the most items in one reply. Default 32,000. */
  readonly maxBatchItems?: number | undefined;
  /** `MaxConcurrentOperationsPerUser`: requests under way and enumerations that are not at their end. Default 1,500. */
  readonly maxOperationsPerUser?: number | undefined;
  /** `EnumerationTimeoutms`: how long an enumeration waits for the next Pull. Real time. Default 60,000. */
  readonly enumerationTimeoutMs?: number | undefined;
  /** Replies that do not come as they should. Default none. */
  readonly brokenReplies?: readonly BrokenReplyInput[] | undefined;
}

/** A reply that does not come as it should, or a request that something on the way answers instead of the host. */
export interface BrokenReplyInput {
  /** The operation as the journal names it, or `Pull`, `Release`, `Identify`; `*` for any. */
  readonly operation: string;
  /**
   * The call is not carried out: `unauthorized` (401, and the connection has to authenticate again), `unavailable` (503),
   * `requestTooLarge` (413), `notFound` (404), `redirect` (302), `loginPage` (200 with HTML, as a proxy sends it).
   * The call is carried out: `half` (the connection breaks within the reply), `notXml`, `tooLarge` (up to 256 MiB),
   * `wrongEncoding` (UTF-16 that calls itself UTF-8).
   */
  readonly kind:
    | "unauthorized"
    | "unavailable"
    | "requestTooLarge"
    | "notFound"
    | "redirect"
    | "loginPage"
    | "half"
    | "notXml"
    | "tooLarge"
    | "wrongEncoding";
  /** How many requests of the operation go well first. Default 0. */
  readonly after?: number | undefined;
  /** How many requests run into it. Default 1. */
  readonly times?: number | undefined;
}
