import { ReplicaResyncError } from "../../../core/errors";
import { type AvPair, avId, parseAvPairs } from "./avPairs";
import { agreeOn } from "./flags";

/** What is used of a host's CHALLENGE. */
export interface Challenge {
  /** What both sides can. */
  readonly flags: number;
  /** 8 bytes. */
  readonly serverChallenge: Buffer;
  readonly targetInfo: readonly AvPair[];
}

/** Signature that every NTLM message begins with. Source: MS-NLMP, section 2.2.1. */
export const ntlmSignature = Buffer.from("NTLMSSP\0", "latin1");

/** Type, in the four bytes behind the signature. */
export const messageType = { negotiate: 1, challenge: 2, authenticate: 3 } as const;

/** Places in a CHALLENGE. Source: MS-NLMP, section 2.2.1.2. */
const at = {
  type: 8,
  flags: 20,
  serverChallenge: 24,
  targetInfoLength: 40,
  targetInfoOffset: 44,
  payload: 48,
} as const;

/** Six names of 255 characters and the rest fit into less; the answer repeats all of it in a field of an HTTP header. */
const maxTargetInfoLength = 4_096;

/**
 * Reads the CHALLENGE of a host. Nothing outside the message is read, whatever its length fields say.
 * @throws {@link ReplicaResyncError} when it is not one; {@link ReplicaResyncError} when the host wants a weaker NTLM.
 */
export function parseChallenge(message: Buffer): Challenge {
  if (message.length < at.payload) {
    throw malformed(`it has ${message.length} bytes, and the shortest one ${at.payload}`);
  }
  if (!message.subarray(0, at.type).equals(ntlmSignature)) throw malformed("it does not begin with NTLMSSP");
  const type = message.readUInt32LE(at.type);
  if (type !== messageType.challenge) throw malformed(`it is a message of type ${type}`);
  const flags = agreeOn(message.readUInt32LE(at.flags));
  const targetInfo = parseAvPairs(targetInfoOf(message));
  for (const [name, id] of [
    ["computer", avId.nbComputerName],
    ["domain", avId.nbDomainName],
  ] as const) {
    // MS-NLMP, section 3.1.5.1.2: without both of them NTLMv2 must not continue when messages are to be protected.
    if (!targetInfo.some((pair) => pair.id === id)) throw malformed(`it does not name the host's ${name}`);
  }
  return { flags, serverChallenge: message.subarray(at.serverChallenge, at.serverChallenge + 8), targetInfo };
}

function targetInfoOf(message: Buffer): Buffer {
  const length = message.readUInt16LE(at.targetInfoLength);
  const offset = message.readUInt32LE(at.targetInfoOffset);
  if (length > maxTargetInfoLength) {
    throw malformed(`its target information has ${length} bytes, more than ${maxTargetInfoLength}`);
  }
  if (offset < at.payload || offset + length > message.length) {
    throw malformed(`its target information lies at ${offset} to ${offset + length} of ${message.length} bytes`);
  }
  return message.subarray(offset, offset + length);
}

function malformed(what: string): ReplicaResyncError {
  return new ReplicaResyncError("BAD_REPLY", `the host's NTLM challenge is malformed: ${what}`);
}
