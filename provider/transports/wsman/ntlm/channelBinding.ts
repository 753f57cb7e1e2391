import { createHash } from "node:crypto";
import { signatureHashOf } from "./signatureHash";

/** Hashes that a binding is not made with: SHA-256 stands in for them. Source: RFC 5929, section 4.1. */
const broken: readonly string[] = ["md5", "sha1"];

/**
 * What `MsvAvChannelBindings` says of a TLS connection to a host with this certificate (DER): 16 bytes. `undefined` when the
 * binding is not defined for the certificate, as for one signed with Ed25519.
 * @throws {@link ProtocolError} when it is not a certificate.
 */
export function channelBindingOf(certificate: Buffer): Buffer | undefined {
  const hash = signatureHashOf(certificate);
  if (hash === undefined) return undefined;
  const digest = createHash(broken.includes(hash) ? "sha256" : hash)
    .update(certificate)
    .digest();
  return hashOfBindings(Buffer.concat([Buffer.from("tls-server-end-point:"), digest]));
}

/**
 * MD5 of a `gss_channel_bindings_struct` with these application data and no addresses, numbers in little-endian order.
 * Sources: RFC 4121, section 4.1.1.2; RFC 2744, section 3.11; MS-NLMP, section 2.2.2.1.
 */
export function hashOfBindings(applicationData: Buffer): Buffer {
  // Type and length of the initiator's address, then of the acceptor's: all zero.
  const head = Buffer.alloc(20);
  head.writeUInt32LE(applicationData.length, 16);
  return createHash("md5").update(head).update(applicationData).digest();
}
