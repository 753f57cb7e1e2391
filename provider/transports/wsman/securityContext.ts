/** A security context with a host on one connection, which can encrypt what is sent. */
export interface SecurityContext {
  /** The scheme of the Authorization header: raw NTLMSSP tokens travel under Negotiate. */
  readonly scheme: "Negotiate" | "Kerberos";
  /** The first token without an argument, then the answer to each token of the host; `undefined`: nothing more to send. */
  step(hostToken?: Buffer): Promise<Buffer | undefined>;
  /** Whether both sides are agreed: only then can messages be encrypted. */
  readonly isEstablished: boolean;
  /** `header` is what stands before the data in an encrypted part (NTLM: the 16-byte signature). */
  seal(message: Buffer): Promise<{ readonly header: Buffer; readonly data: Buffer }>;
  /** @throws Error when the signature does not fit. */
  unseal(header: Buffer, data: Buffer): Promise<Buffer>;
}
