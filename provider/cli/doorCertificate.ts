import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { createSecureContext } from "node:tls";
import { type CertificateWithKey, makeCertificate } from "../simulator/server/selfSigned";
import type { SimulateArguments } from "./arguments";
import { CommandError } from "./command";

/**
 * The certificate of the door: the given one, or one made now, which is written beside the scenario for clients to trust.
 * @param name the host's own.
 * @throws CommandError
 */
export async function doorCertificate(
  { scenario, host: address, certificate }: SimulateArguments,
  name: string,
): Promise<{ pair: CertificateWithKey; lines: string[] }> {
  if (certificate !== undefined) {
    const pair = { cert: readPem("certificate", certificate.cert), key: readPem("key", certificate.key) };
    checkPair(pair);
    return { pair, lines: [thumbprintLine(pair.cert)] };
  }
  const names = [...new Set(["localhost", name, hostname(), "127.0.0.1", "::1", address])].filter(isCertifiable);
  const pair = await makeCertificate(["localhost", ...names], Date.now());
  const path = join(dirname(resolve(scenario)), `${basename(scenario).replace(/\.json$/i, "")}.certificate.pem`);
  try {
    writeFileSync(path, pair.cert);
  } catch (cause) {
    throw new CommandError(`cannot write the certificate ${path}: ${(cause as Error).message}`, { cause });
  }
  return { pair, lines: [`Certificate for clients to trust: ${path}`, thumbprintLine(pair.cert)] };
}

/** Names of hosts may hold more than a certificate's names can. */
function isCertifiable(name: string): boolean {
  return /^[\w.:-]+$/.test(name);
}

function thumbprintLine(pem: string): string {
  return `Thumbprint (SHA-1): ${new X509Certificate(pem).fingerprint.replaceAll(":", "")}`;
}

function readPem(what: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CommandError(`cannot read the ${what} ${path}: ${(cause as Error).message}`, { cause });
  }
}

function checkPair(pair: CertificateWithKey): void {
  try {
    createSecureContext(pair);
    new X509Certificate(pair.cert);
  } catch (cause) {
    throw new CommandError(`the certificate and its key cannot be used: ${(cause as Error).message}`, { cause });
  }
}
