import { ReplicaResyncError } from "../../../core/errors";

/** Names of Node's hashes by the signature algorithms that use them. Sources: RFC 3279, RFC 4055, RFC 5758; OIW for 1.3.14. */
const hashOfSignature: ReadonlyMap<string, string> = new Map([
  ["1.2.840.113549.1.1.4", "md5"],
  ["1.2.840.113549.1.1.5", "sha1"],
  ["1.3.14.3.2.29", "sha1"],
  ["1.2.840.10040.4.3", "sha1"],
  ["1.2.840.10045.4.1", "sha1"],
  ["1.2.840.113549.1.1.14", "sha224"],
  ["1.2.840.10045.4.3.1", "sha224"],
  ["1.2.840.113549.1.1.11", "sha256"],
  ["1.2.840.10045.4.3.2", "sha256"],
  ["2.16.840.1.101.3.4.3.2", "sha256"],
  ["1.2.840.113549.1.1.12", "sha384"],
  ["1.2.840.10045.4.3.3", "sha384"],
  ["1.2.840.113549.1.1.13", "sha512"],
  ["1.2.840.10045.4.3.4", "sha512"],
]);

/** RSASSA-PSS, which names its hash in its parameters. Source: RFC 4055, section 3.1. */
const rsaPss = "1.2.840.113549.1.1.10";
const hashOfPss: ReadonlyMap<string, string> = new Map([
  ["1.3.14.3.2.26", "sha1"],
  ["2.16.840.1.101.3.4.2.4", "sha224"],
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);

const tag = { objectId: 0x06, sequence: 0x30, first: 0xa0 } as const;

/**
 * The hash that a certificate (DER) is signed with, by Node's name; `undefined` when its algorithm has no one hash, or is not
 * known here. Node 22 has no property for it. Source: RFC 5280, section 4.1.
 * @throws {@link ReplicaResyncError} when it is not a certificate.
 */
export function signatureHashOf(certificate: Buffer): string | undefined {
  const [outer] = elements(certificate, 1);
  const [, algorithm] = elements(expect(outer, tag.sequence), 2);
  const [id, parameters] = elements(expect(algorithm, tag.sequence), 2);
  const name = objectId(expect(id, tag.objectId));
  return name === rsaPss ? hashOfPssParameters(parameters) : hashOfSignature.get(name);
}

/** The hash is the field [0]; left out, it is SHA-1. */
function hashOfPssParameters(parameters: Element | undefined): string | undefined {
  const [first] = parameters === undefined ? [] : elements(expect(parameters, tag.sequence), 1);
  if (first?.tag !== tag.first) return "sha1";
  const [algorithm] = elements(first.content, 1);
  const [id] = elements(expect(algorithm, tag.sequence), 1);
  return hashOfPss.get(objectId(expect(id, tag.objectId)));
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** The first elements of a DER content, at most `count`. Source: X.690, sections 8.1 and 10.1. */
function elements(bytes: Buffer, count: number): Element[] {
  const found: Element[] = [];
  let offset = 0;
  while (offset < bytes.length && found.length < count) {
    const start = bytes.subarray(offset);
    const [length, head] = lengthOf(start);
    if (head + length > start.length) throw malformed();
    found.push({ tag: start.readUInt8(), content: start.subarray(head, head + length) });
    offset += head + length;
  }
  return found;
}

/** The length of the content, and of what stands before it. */
function lengthOf(start: Buffer): readonly [number, number] {
  const short = start[1] ?? 0x80;
  if (short < 0x80) return [short, 2];
  const digits = short - 0x80;
  // More than four digits is more than any certificate; none is the indefinite form, which DER does not have.
  if (digits === 0 || digits > 4 || 2 + digits > start.length) throw malformed();
  return [start.readUIntBE(2, digits), 2 + digits];
}

function expect(element: Element | undefined, wanted: number): Buffer {
  if (element?.tag !== wanted) throw malformed();
  return element.content;
}

/** Dotted form: seven bits a byte, and the first two numbers in one. Source: X.690, section 8.19. */
function objectId(content: Buffer): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [both = 0, ...rest] = numbers;
  const first = Math.min(2, Math.floor(both / 40));
  return [first, both - 40 * first, ...rest].join(".");
}

function malformed(): ReplicaResyncError {
  return new ReplicaResyncError(
    "BAD_REPLY",
    "the host's certificate is malformed: its signature algorithm cannot be read",
  );
}
