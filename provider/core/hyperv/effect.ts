/** What a call may have done on the host: the only thing that decides about retry and saved state. */
export type Effect = "none" | "started" | "unknown";
