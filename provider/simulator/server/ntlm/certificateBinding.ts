import { createHash, X509Certificate } from "node:crypto";

type Hash = "sha256" | "sha384" | "sha512";

/** Signatures with another hash than SHA-256, as their object identifiers are written. Sources: RFC 5758, RFC 8017. */
const otherSignatures: ReadonlyMap<string, Hash> = new Map([
  ["2a8648ce3d040303", "sha384"],
  ["2a8648ce3d040304", "sha512"],
  ["2a864886f70d01010c", "sha384"],
  ["2a864886f70d01010d", "sha512"],
]);

/**
 * What an answer over TLS is bound to: the MD5 of a `gss_channel_bindings_struct` that holds the hash of the certificate.
 * Sources: MS-NLMP 2.2.2.1 (`MsvAvChannelBindings`), RFC 2744 section 3.11, RFC 5929 section 4.
 * @param hash of the certificate's signature; SHA-256 stands for MD5 and SHA-1.
 */
export function channelBindingOf(certificate: Buffer, hash: Hash = "sha256"): Buffer {
  const digest = createHash(hash).update(certificate).digest();
  const data = Buffer.concat([Buffer.from("tls-server-end-point:", "latin1"), digest]);
  // Four empty fields of addresses, then the length of the data.
  const head = Buffer.alloc(20);
  head.writeUInt32LE(data.length, 16);
  return createHash("md5")
    .update(Buffer.concat([head, data]))
    .digest();
}

/** What authentication over TLS with this certificate is bound to. Source of the choice of hash: RFC 5929, section 4.1. */
export function channelBindingOfPem(pem: string): Buffer {
  const { raw } = new X509Certificate(pem);
  return channelBindingOf(raw, otherSignatures.get(signatureId(raw).toString("hex")) ?? "sha256");
}

/** The identifier of the signature: a certificate is what is signed, how, and the signature (RFC 5280, 4.1). */
function signatureId(certificate: Buffer): Buffer {
  const whole = contentOf(certificate, 0);
  const how = contentOf(certificate, contentOf(certificate, whole.from).to);
  const { from, to } = contentOf(certificate, how.from);
  return certificate.subarray(from, to);
}

/** Where the content of a DER value begins and ends. */
function contentOf(bytes: Buffer, at: number): { from: number; to: number } {
  const first = bytes.readUInt8(at + 1);
  if (first < 0x80) return { from: at + 2, to: at + 2 + first };
  const digits = first & 0x7f;
  const from = at + 2 + digits;
  return { from, to: from + bytes.readUIntBE(at + 2, digits) };
}
