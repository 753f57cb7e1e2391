import type { X509Certificate } from "node:crypto";
import type { WsmanBehaviour } from "../../scenario/wsmanBehaviour";

/** The account that a client certificate stands for, by its SHA-1 or SHA-256. */
export function userOfCertificate(
  { fingerprint, fingerprint256 }: X509Certificate,
  known: WsmanBehaviour["certificates"],
): string | undefined {
  const shown = [fingerprint, fingerprint256].map((one) => one.replaceAll(":", "").toLowerCase());
  return known.find(({ thumbprint }) => shown.includes(thumbprint.toLowerCase()))?.user;
}
