/** The little of DER (X.690) that a certificate needs. Tags: the universal ones, and those of its own context. */

/** A value with its tag and length. */
export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A tag of the context, of a plain value or of one that holds others. */
export function contextTag(number: number, kind: "plain" | "holding"): number {
  return (kind === "plain" ? 0x80 : 0xa0) | number;
}

/** An object identifier from its dotted form. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  return der(tag.objectId, Buffer.from([first * 40 + second, ...others.flatMap(baseOf128)]));
}

/** A positive integer: its first bit must not be the sign. */
export function positiveInteger(bytes: Buffer): Buffer {
  return der(tag.integer, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
}

/** A bit string without unused bits. */
export function bitString(bytes: Buffer): Buffer {
  return der(tag.bitString, Buffer.alloc(1), bytes);
}

/** A moment, in whole seconds UTC. */
export function generalizedTime(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().slice(0, 19).replace(/[-:T]/g, "");
  return der(tag.generalizedTime, Buffer.from(`${digits}Z`, "latin1"));
}

function baseOf128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}
