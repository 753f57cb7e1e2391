import fc from "fast-check";
import { isReplicaResyncError } from "../../../../../provider/core/errors";
import { signatureHashOf } from "../../../../../provider/transports/wsman/ntlm/signatureHash";
import { certificate, certificates } from "./certificates";
import { hex } from "./specification";

test.each([...certificates])("the hash that %s is signed with is found", (_, { der, hash }) => {
  expect(signatureHashOf(der)).toBe(hash);
});

/** A certificate of one byte, with this signature algorithm. */
function signedWith(algorithm: string): Buffer {
  const content = hex(`3003020100 ${algorithm}`);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
}

test.each([
  ["sha1WithRSASignature of OIW", "300706052b0e03021d0500", "sha1"],
  ["DSA with SHA-1", "300906072a8648ce380403", "sha1"],
  ["DSA with SHA-256", "300b0609608648016503040302", "sha256"],
  ["RSA with SHA-224", "300d06092a864886f70d01010e0500", "sha224"],
  ["RSASSA-PSS without parameters", "300b06092a864886f70d01010a", "sha1"],
  ["RSASSA-PSS with a hash that is not known", "301706092a864886f70d01010a300aa00830060604 2a030405", undefined],
  ["an algorithm that is not known", "300506032a0304", undefined],
])("%s is known for what it is", (_, algorithm, hash) => {
  expect(signatureHashOf(signedWith(algorithm))).toBe(hash);
});

test.each([
  ["nothing", ""],
  ["one byte", "30"],
  ["another element than a sequence", "040100"],
  ["a length of the indefinite form", "3080300302010030050603 2a0304 0000"],
  ["a length of five digits", "30850000000001 00"],
  ["a length without its digits", "3082"],
  ["a length beyond the end", "3009300302010030050603"],
  ["a length one beyond the end", "3013 3003020100 300b0609608648016503040302"],
  ["an algorithm that is no sequence", "3012 3003020100 310b0609608648016503040302"],
  ["an algorithm whose identifier is none", "3012 3003020100 300b0d09608648016503040302"],
  ["a certificate without an algorithm", "30053003020100"],
  ["an algorithm without an identifier", "300730030201003000"],
])("%s is not a certificate", (_, bytes) => {
  expect(() => signatureHashOf(hex(bytes))).toThrow(
    "the host's certificate is malformed: its signature algorithm cannot be read",
  );
});

test("no bytes lead anywhere but to a hash, to none, or to a refusal", () => {
  const real = certificate("pssSha384");
  const cut = fc.nat({ max: real.length }).map((end) => real.subarray(0, end));
  const mutated = fc
    .array(fc.tuple(fc.nat({ max: real.length - 1 }), fc.nat({ max: 255 })), { maxLength: 5 })
    .map((changes) => {
      const bytes = Buffer.from(real);
      for (const [at, byte] of changes) bytes[at] = byte;
      return bytes;
    });
  const anything = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(cut, mutated, anything), (bytes) => {
      try {
        expect([undefined, "md5", "sha1", "sha224", "sha256", "sha384", "sha512"]).toContain(signatureHashOf(bytes));
      } catch (error) {
        if (!isReplicaResyncError(error)) throw error;
        expect(error.code).toBe("BAD_REPLY");
      }
    }),
    { numRuns: 1_000 },
  );
});
