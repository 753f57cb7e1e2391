import { z } from "zod";
import stored from "./certificates.json";

/** Certificates made by OpenSSL 3.0, one a signature algorithm, with the hash that `openssl x509 -text` names. */
export const certificates: ReadonlyMap<string, { readonly hash: string | undefined; readonly der: Buffer }> = new Map(
  Object.entries(
    z
      .record(
        z.string(),
        z.strictObject({
          hash: z
            .string()
            .nullable()
            .transform((hash) => hash ?? undefined),
          der: z.base64().transform((text) => Buffer.from(text, "base64")),
        }),
      )
      .parse(stored),
  ),
);

export function certificate(name: string): Buffer {
  const found = certificates.get(name);
  if (found === undefined) throw new Error(`no certificate ${name}`);
  return found.der;
}
