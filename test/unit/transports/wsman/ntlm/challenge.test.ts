import fc from "fast-check";
import { isReplicaResyncError } from "../../../../../provider/core/errors";
import { encodeAvPairs } from "../../../../../provider/transports/wsman/ntlm/avPairs";
import { parseChallenge } from "../../../../../provider/transports/wsman/ntlm/challenge";
import { challengeMessage, common, hex, targetInfo } from "./specification";

/** The CHALLENGE of the specification with some bytes of its head replaced. */
function changed(at: number, bytes: string): Buffer {
  const message = Buffer.from(challengeMessage);
  hex(bytes).copy(message, at);
  return message;
}

test("the CHALLENGE of MS-NLMP, section 4.2.4.3, is read", () => {
  const { flags, serverChallenge, targetInfo: pairs } = parseChallenge(challengeMessage);
  expect(flags.toString(16)).toBe("e2888231");
  expect(serverChallenge).toEqual(common.serverChallenge);
  expect(encodeAvPairs(pairs)).toEqual(targetInfo);
});

test.each([
  ["nothing", Buffer.alloc(0), "it has 0 bytes, and the shortest one 48"],
  ["a head that is cut off", challengeMessage.subarray(0, 47), "it has 47 bytes, and the shortest one 48"],
  ["another signature", changed(0, "60"), "it does not begin with NTLMSSP"],
  ["another message", changed(8, "03000000"), "it is a message of type 3"],
  [
    "target information that is cut off",
    challengeMessage.subarray(0, -1),
    "its target information lies at 68 to 104 of 103 bytes",
  ],
  [
    "target information behind the end",
    changed(44, "69000000"),
    "its target information lies at 105 to 141 of 104 bytes",
  ],
  [
    "an offset of 4 GB",
    changed(44, "ffffffff"),
    "its target information lies at 4294967295 to 4294967331 of 104 bytes",
  ],
  ["target information in the head", changed(44, "2f000000"), "its target information lies at 47 to 83 of 104 bytes"],
  ["much target information", changed(40, "0110"), "its target information has 4097 bytes, more than 4096"],
  ["no name of the computer", changed(84, "03"), "it does not name the host's computer"],
  ["no name of the domain", changed(68, "04"), "it does not name the host's domain"],
])("%s is refused with a sentence", (_, message, why) => {
  expect(() => parseChallenge(message)).toThrow(`the host's NTLM challenge is malformed: ${why}`);
});

test("4096 bytes of target information are read", () => {
  const filler = Buffer.alloc(4_096 - targetInfo.length - 4);
  const head = hex("0500 0000");
  head.writeUInt16LE(filler.length, 2);
  const message = Buffer.concat([changed(40, "0010"), Buffer.alloc(0)]);
  const whole = Buffer.concat([message.subarray(0, 68), head, filler, targetInfo]);
  expect(parseChallenge(whole).targetInfo).toHaveLength(3);
});

test("a weaker NTLM is refused before anything else is read", () => {
  expect(() => parseChallenge(changed(20, "07820000"))).toThrow(/without extended session security/);
});

test("no bytes, mutated or made up, lead anywhere but to a challenge or a refusal, and nothing outside them is read", () => {
  const mutated = fc
    .array(fc.tuple(fc.nat({ max: challengeMessage.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 })
    .map((changes) => {
      const message = Buffer.from(challengeMessage);
      for (const [at, byte] of changes) message[at] = byte;
      return message;
    });
  const cut = fc
    .tuple(mutated, fc.nat({ max: challengeMessage.length }))
    .map(([message, end]) => message.subarray(0, end));
  const behindHead = fc
    .uint8Array({ maxLength: 200 })
    .map((bytes) => Buffer.concat([challengeMessage.subarray(0, 68), bytes]));
  const anything = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  const outcomes = { read: 0, refused: 0 };
  fc.assert(
    fc.property(fc.oneof(mutated, cut, behindHead, anything), (message) => {
      // In the midst of a larger buffer, as what comes from a socket is: a byte outside would be seen as 0xee.
      const around = Buffer.alloc(message.length + 4_000, 0xee);
      message.copy(around, 2_000);
      const within = around.subarray(2_000, 2_000 + message.length);
      try {
        const { serverChallenge, targetInfo: pairs } = parseChallenge(within);
        for (const part of [serverChallenge, ...pairs.map(({ value }) => value)]) {
          expect(part.byteOffset).toBeGreaterThanOrEqual(within.byteOffset);
          expect(part.byteOffset + part.length).toBeLessThanOrEqual(within.byteOffset + within.length);
        }
        outcomes.read += 1;
      } catch (error) {
        if (!isReplicaResyncError(error)) throw error;
        expect(["BAD_REPLY", "AUTH_FAILED"]).toContain(error.code);
        outcomes.refused += 1;
      }
    }),
    { numRuns: 2_000 },
  );
  expect(outcomes.read).toBeGreaterThan(50);
  expect(outcomes.refused).toBeGreaterThan(500);
});
