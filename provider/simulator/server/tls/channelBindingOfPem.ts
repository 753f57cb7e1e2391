import { X509Certificate } from "node:crypto";
import { channelBindingOf } from "../ntlm/certificateBinding";

type Hash = "sha256" | "sha384" | "sha512";

/** Signatures with another hash than SHA-256, as their object identifiers are written. Sources: RFC 5758, RFC 8017. */
const otherSignatures: ReadonlyMap<string, Hash> = new Map([
  ["2a8648ce3d040303", "sha384"],
  ["2a8648ce3d040304", "sha512"],
  ["2a864886f70d01010c", "sha384"],
  ["2a864886f70d01010d", "sha512"],
]);

/** What a logon over TLS with this certificate is bound to. Source of the choice of hash: RFC 5929, section 4.1. */
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
