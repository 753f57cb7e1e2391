import { messageType, ntlmSignature } from "./challenge";
import { negotiateFlag, offeredFlags } from "./flags";

/**
 * Windows 10 and later, revision 15 of NTLMSSP: nothing depends on it, and some hosts find what follows only behind a
 * version. Source: MS-NLMP, section 2.2.2.10.
 */
const version = Buffer.from([10, 0, 0, 0, 0, 0, 0, 15]);

/** Places in a NEGOTIATE. Source: MS-NLMP, section 2.2.1.1. */
const negotiateAt = { type: 8, flags: 12, domain: 16, workstation: 24, version: 32, payload: 40 } as const;

/** Places in an AUTHENTICATE. Source: MS-NLMP, section 2.2.1.3. */
const authenticateAt = {
  type: 8,
  lmResponse: 12,
  ntResponse: 20,
  domain: 28,
  user: 36,
  workstation: 44,
  sessionKey: 52,
  flags: 60,
  version: 64,
  mic: 72,
  payload: 88,
} as const;

/** What goes into an AUTHENTICATE; texts as UTF-16. */
export interface AuthenticateFields {
  readonly flags: number;
  readonly domain: Buffer;
  readonly user: Buffer;
  readonly workstation: Buffer;
  readonly lmResponse: Buffer;
  readonly ntResponse: Buffer;
  /** The session key, encrypted. */
  readonly sessionKey: Buffer;
}

/** The first message: what this client can, and no names. */
export function encodeNegotiate(): Buffer {
  const message = Buffer.alloc(negotiateAt.payload);
  ntlmSignature.copy(message);
  message.writeUInt32LE(messageType.negotiate, negotiateAt.type);
  message.writeUInt32LE(offeredFlags, negotiateAt.flags);
  for (const field of [negotiateAt.domain, negotiateAt.workstation]) {
    message.writeUInt32LE(negotiateAt.payload, field + 4);
  }
  version.copy(message, negotiateAt.version);
  return message;
}

/** The last message, with 16 zeros where {@link setMic} puts the MIC. */
export function encodeAuthenticate(fields: AuthenticateFields): Buffer {
  const head = Buffer.alloc(authenticateAt.payload);
  ntlmSignature.copy(head);
  head.writeUInt32LE(messageType.authenticate, authenticateAt.type);
  head.writeUInt32LE(fields.flags, authenticateAt.flags);
  if ((fields.flags & negotiateFlag.version) !== 0) version.copy(head, authenticateAt.version);
  const payload: Buffer[] = [];
  let offset: number = authenticateAt.payload;
  for (const name of ["domain", "user", "workstation", "lmResponse", "ntResponse", "sessionKey"] as const) {
    const value = fields[name];
    head.writeUInt16LE(value.length, authenticateAt[name]);
    head.writeUInt16LE(value.length, authenticateAt[name] + 2);
    head.writeUInt32LE(offset, authenticateAt[name] + 4);
    payload.push(value);
    offset += value.length;
  }
  return Buffer.concat([head, ...payload]);
}

/** Puts the MIC of the three messages into an AUTHENTICATE. */
export function setMic(authenticate: Buffer, mic: Buffer): void {
  mic.copy(authenticate, authenticateAt.mic);
}
