import { hmacMd5, ntowfV2 } from "../../../../../provider/simulator/server/ntlm/keys";
import { writeAvPairs } from "../../../../../provider/simulator/server/ntlm/targetInformation";

/** The values of MS-NLMP 4.2.1 and 4.2.4. */
export const vector = {
  user: "User",
  domain: "Domain",
  password: "Password",
  serverChallenge: Buffer.from("0123456789abcdef", "hex"),
  ntowf: Buffer.from("0c868a403bfd7a93a3001ef22ef02e3f", "hex"),
  sessionKey: Buffer.alloc(16, 0x55),
  challengeFlags: 0xe28a8233,
  /** 4.2.4.3. */
  authenticate: Buffer.from(
    "4e544c4d5353500003000000180018006c0000005400540084000000" +
      "0c000c00480000000800080054000000100010005c00000010001000d8000000358288e2" +
      "0501280a0000000f44006f006d00610069006e00550073006500720043004f004d005000" +
      "55005400450052008" +
      "6c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa68cd0ab851e51c96aabc927bebef6a1c" +
      "010100000000000000000000" +
      "00000000aaaaaaaaaaaaaaaa0000000002000c0044006f006d00610069006e0001000c00530065007200760065007200" +
      "0000000000000000c5dad2544fc9799094ce1ce90bc9d03e",
    "hex",
  ),
  /** 4.2.4.4. */
  plain: Buffer.from("Plaintext", "utf16le"),
  sealed: Buffer.from("54e50165bf1936dc996020c1811b0f06fb5f", "hex"),
  signature: Buffer.from("010000007fb38ec5c55d497600000000", "hex"),
} as const;

/** A NEGOTIATE_MESSAGE that asks for everything the vectors have. */
export function negotiateMessage(flags: number = vector.challengeFlags): Buffer {
  const message = Buffer.alloc(32);
  message.write("NTLMSSP\0", "latin1");
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(flags >>> 0, 12);
  return message;
}

/** The message of the specification with another part of the client's own, and the proof that goes with it. */
export function answerWith(
  pairs: readonly (readonly [number, Buffer])[],
  serverChallenge: Buffer = vector.serverChallenge,
  key: Buffer = vector.ntowf,
  template: Buffer = vector.authenticate,
): Buffer {
  const head = Buffer.from("01010000000000000000000000000000", "hex");
  const own = Buffer.concat([head, Buffer.alloc(8, 0xaa), Buffer.alloc(4), writeAvPairs(pairs)]);
  const response = Buffer.concat([hmacMd5(key, Buffer.concat([serverChallenge, own])), own]);
  const message = Buffer.from(template);
  message.writeUInt16LE(response.length, 20);
  message.writeUInt32LE(message.length, 24);
  return Buffer.concat([message, response]);
}

/** An answer to a challenge, of a user without a domain. */
export function authenticateMessage(challenge: Buffer, user: string, password: string): Buffer {
  const name = Buffer.from(user, "utf16le");
  const template = Buffer.concat([vector.authenticate, name]);
  template.writeUInt16LE(0, 28);
  template.writeUInt16LE(name.length, 36);
  template.writeUInt32LE(vector.authenticate.length, 40);
  return answerWith([], challenge.subarray(24, 32), ntowfV2(password, user, ""), template);
}
