/*
 * As much of HPACK (RFC 7541) as it takes to find a long value in a block of header fields and to put a short one in its
 * place. Tables need not be followed: a value that is longer than the table is never put into it.
 */

/** A literal value in a block of header fields. */
export interface LiteralValue {
  /** Where the value begins, with its length, and where it ends. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The values in a block that are longer than a limit in their encoded form. */
export function longValues(block: Buffer, limit: number): LiteralValue[] {
  const found: LiteralValue[] = [];
  for (let at = 0; at < block.length;) {
    const first = block[at] ?? 0;
    if (first >= 0x80 || (first & 0xe0) === 0x20) at = readInteger(block, at, first >= 0x80 ? 7 : 5).end;
    else {
      const isIndexed = (first & 0x40) !== 0; // "Literal with incremental indexing", section 6.2.1
      const name = readInteger(block, at, isIndexed ? 6 : 4);
      const start = name.value === 0 ? readString(block, name.end).end : name.end;
      const value = readString(block, start);
      if (value.end - start > limit) {
        if (isIndexed) throw new Error("a long header field is to be put into the table");
        found.push({ start, end: value.end, text: value.decode() });
      }
      at = value.end;
    }
  }
  return found;
}

/** A text as a value, not compressed: for texts of up to 126 ASCII characters. */
export function literal(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "ascii")]);
}

/** Section 5.1. */
function readInteger(block: Buffer, at: number, prefixBits: number): { value: number; end: number } {
  const most = 2 ** prefixBits - 1;
  let value = (block[at] ?? 0) & most;
  let end = at + 1;
  if (value < most) return { value, end };
  for (let factor = 1; ; factor *= 128) {
    const byte = block[end++] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, end };
  }
}

/** Section 5.2. */
function readString(block: Buffer, at: number): { end: number; decode: () => string } {
  const isCompressed = (block[at] ?? 0) >= 0x80;
  const length = readInteger(block, at, 7);
  const end = length.end + length.value;
  const bytes = block.subarray(length.end, end);
  return { end, decode: () => (isCompressed ? decompress(bytes) : bytes.toString("ascii")) };
}

/** The characters by the length of their code: those of gRPC's trailers. Codes follow from this order. Appendix B. */
const charactersByLength: readonly (readonly [number, string])[] = [
  [5, "012aceiost"],
  [6, " %-./3456789=A_bdfghlmnpru"],
  [7, ":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz"],
  [8, "&*,;XZ"],
  [10, '!"()?'],
  [11, "'+|"],
  [12, "#>"],
  [13, "\0$@[]~"],
  [14, "^}"],
  [15, "<`{"],
];

const characters = new Map<number, string>();
for (const [length, texts] of charactersByLength) {
  let code = charactersByLength
    .filter(([shorter]) => shorter < length)
    .reduce((sum, [shorter, others]) => sum + others.length * 2 ** (length - shorter), 0);
  for (const text of texts) characters.set(keyOf(code++, length), text);
}

function decompress(bytes: Buffer): string {
  const texts: string[] = [];
  let [code, length] = [0, 0];
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      code = code * 2 + ((byte >> bit) & 1);
      length += 1;
      const text = characters.get(keyOf(code, length));
      if (text !== undefined) [code, length] = [texts.push(text) * 0, 0];
      else if (length > 15) throw new Error("a character in a header field that gRPC does not use");
    }
  }
  return texts.join("");
}

/** A code is known by its bits and their number: 001 is not 01. */
function keyOf(code: number, length: number): number {
  return 2 ** length + code;
}
