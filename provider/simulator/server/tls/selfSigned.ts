import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";
import { bitString, contextTag, der, generalizedTime, objectId, positiveInteger, tag } from "./der";

/** A certificate with its key, both as PEM. */
export interface CertificateWithKey {
  readonly cert: string;
  readonly key: string;
}

/** Sources of the numbers: RFC 5280 (names and extensions), RFC 5758 (the signature). */
const oid = {
  commonName: "2.5.4.3",
  subjectAlternativeName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  extendedKeyUsage: "2.5.29.37",
  serverAuthentication: "1.3.6.1.5.5.7.3.1",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
} as const;

const dayMs = 86_400_000;
/** Longer than any simulation, shorter than what some clients refuse (398 days). */
const validMs = 365 * dayMs;

/**
 * Makes a certificate that signs itself, for these names and addresses; the first is its subject.
 * @param nowMs real time: it is the clients' clocks that the dates are for.
 */
export function makeCertificate(names: readonly [string, ...string[]], nowMs: number): CertificateWithKey {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der(tag.sequence, objectId(oid.ecdsaWithSha256));
  const subject = nameOf(names[0]);
  const toBeSigned = der(
    tag.sequence,
    der(contextTag(0, "holding"), positiveInteger(Buffer.from([2]))),
    positiveInteger(serialNumber()),
    algorithm,
    subject,
    // A day earlier: a client's clock may be behind.
    der(tag.sequence, generalizedTime(nowMs - dayMs), generalizedTime(nowMs + validMs)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(contextTag(3, "holding"), der(tag.sequence, ...extensionsFor(names))),
  );
  const certificate = der(tag.sequence, toBeSigned, algorithm, bitString(sign("sha256", toBeSigned, privateKey)));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64Lines(certificate)}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** 16 octets, positive and without a zero in front. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function nameOf(commonName: string): Buffer {
  const value = der(tag.utf8String, Buffer.from(commonName, "utf8"));
  return der(tag.sequence, der(tag.set, der(tag.sequence, objectId(oid.commonName), value)));
}

/** It is its own authority, so that clients can take it for one. */
function extensionsFor(names: readonly string[]): Buffer[] {
  const isAuthority = der(tag.sequence, der(tag.boolean, Buffer.from([0xff])));
  return [
    extension(oid.basicConstraints, isAuthority, true),
    extension(oid.extendedKeyUsage, der(tag.sequence, objectId(oid.serverAuthentication)), false),
    extension(oid.subjectAlternativeName, der(tag.sequence, ...[...new Set(names)].map(alternativeName)), false),
  ];
}

function extension(id: string, value: Buffer, isCritical: boolean): Buffer {
  const critical = isCritical ? [der(tag.boolean, Buffer.from([0xff]))] : [];
  return der(tag.sequence, objectId(id), ...critical, der(tag.octetString, value));
}

function alternativeName(name: string): Buffer {
  const address = addressBytes(name);
  return address === undefined
    ? der(contextTag(2, "plain"), Buffer.from(name, "latin1"))
    : der(contextTag(7, "plain"), address);
}

function addressBytes(name: string): Buffer | undefined {
  if (isIP(name) === 4) return Buffer.from(name.split(".").map(Number));
  if (isIP(name) !== 6) return undefined;
  // The parser of addresses writes IPv4 parts in hexadecimal digits and shortens zeros in one place at most.
  const [head = "", tail] = new URL(`http://[${name}]`).hostname.slice(1, -1).split("::");
  const words = (part: string) => (part === "" ? [] : part.split(":").map((word) => Number.parseInt(word, 16)));
  const [first, last] = [words(head), words(tail ?? "")];
  const all = [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

function base64Lines(bytes: Buffer): string {
  return (bytes.toString("base64").match(/.{1,64}/g) ?? []).join("\n");
}
