import type { NtlmAcceptor } from "../ntlm/acceptor";
import type { NtlmSealing } from "../ntlm/sealing";

/** Who is behind a request. */
export interface Identity {
  readonly user: string;
  /** Seals the messages of a connection; only NTLM has it, and only where the client asked for it. */
  readonly sealing?: NtlmSealing | undefined;
}

/** What a door knows of one connection: NTLM authenticates a connection, not a request. */
export interface ConnectionState {
  /** Counted from 1. */
  readonly number: number;
  /** An authentication that waits for its last message. */
  acceptor?: NtlmAcceptor | undefined;
  identity?: Identity | undefined;
}
