import { createHash } from "node:crypto";

/**
 * What an answer over TLS is bound to: the MD5 of a `gss_channel_bindings_struct` that holds the hash of the certificate.
 * Sources: MS-NLMP 2.2.2.1 (`MsvAvChannelBindings`), RFC 2744 section 3.11, RFC 5929 section 4.
 * @param hash of the certificate's signature; SHA-256 stands for MD5 and SHA-1.
 */
export function channelBindingOf(certificate: Buffer, hash: "sha256" | "sha384" | "sha512" = "sha256"): Buffer {
  const digest = createHash(hash).update(certificate).digest();
  const data = Buffer.concat([Buffer.from("tls-server-end-point:", "latin1"), digest]);
  // Four empty fields of addresses, then the length of the data.
  const head = Buffer.alloc(20);
  head.writeUInt32LE(data.length, 16);
  return createHash("md5")
    .update(Buffer.concat([head, data]))
    .digest();
}
