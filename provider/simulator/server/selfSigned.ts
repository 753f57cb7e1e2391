import { isIP } from "node:net";

/** A certificate with its key, both as PEM. */
export interface CertificateWithKey {
  readonly cert: string;
  readonly key: string;
}

const dayMs = 86_400_000;
/** Longer than any simulation, shorter than what some clients refuse (398 days). */
const validMs = 365 * dayMs;

/**
 * Makes a certificate that signs itself, for these names and addresses; the first is its subject. It is its own
 * authority, so that clients can be told to trust it.
 * @param nowMs real time: the dates are compared with the clocks of clients.
 */
export async function makeCertificate(
  names: readonly [string, ...string[]],
  nowMs: number,
): Promise<CertificateWithKey> {
  // Loaded here because only a door with TLS needs it, and it takes longer to load than the simulator.
  const { generate } = await import("selfsigned");
  const { cert, private: key } = await generate([{ name: "commonName", value: names[0] }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    // A day earlier: the clock of a client may be behind.
    notBeforeDate: new Date(nowMs - dayMs),
    notAfterDate: new Date(nowMs + validMs),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true, clientAuth: true },
      {
        name: "subjectAltName",
        altNames: [...new Set(names)].map(alternativeName),
      },
    ],
  });
  return { cert, key };
}

/** 2 and 7: `dNSName` and `iPAddress` of RFC 5280, section 4.2.1.6. */
function alternativeName(name: string): { type: 2; value: string } | { type: 7; ip: string } {
  if (isIP(name) === 0) return { type: 2, value: name };
  // An IPv4 part within an IPv6 address is not understood there: a URL writes it in hexadecimal digits.
  return { type: 7, ip: isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name };
}
