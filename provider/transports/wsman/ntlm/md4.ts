/**
 * MD4, which the hash of a Windows password is made with and which Node's OpenSSL 3 no longer has. Broken as a hash: for
 * NTLM only. Source: RFC 1320, section 3.
 */
const blockLength = 64;
const lengthField = 8;

interface Round {
  /** Added in each step. */
  readonly constant: number;
  /** Rotations of four steps in a row. */
  readonly shifts: readonly [number, number, number, number];
  /** Words of the block, in the order of the steps. */
  readonly words: readonly number[];
  readonly mix: (x: number, y: number, z: number) => number;
}

const rounds: readonly Round[] = [
  {
    constant: 0,
    shifts: [3, 7, 11, 19],
    words: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    mix: (x, y, z) => (x & y) | (~x & z),
  },
  {
    constant: 0x5a827999,
    shifts: [3, 5, 9, 13],
    words: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
  },
  {
    constant: 0x6ed9eba1,
    shifts: [3, 9, 11, 15],
    words: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    mix: (x, y, z) => x ^ y ^ z,
  },
];

type State = readonly [number, number, number, number];

/** The digest of a message: 16 bytes. */
export function md4(message: Buffer): Buffer {
  const padded = pad(message);
  let state: State = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let offset = 0; offset < padded.length; offset += blockLength) {
    state = add(state, digestBlock(state, padded.subarray(offset, offset + blockLength)));
  }
  const digest = Buffer.alloc(16);
  state.forEach((word, index) => digest.writeInt32LE(word, index * 4));
  return digest;
}

/** The message, one set bit, zeros up to a whole block less eight bytes, and its length in bits. */
function pad(message: Buffer): Buffer {
  const whole = Math.ceil((message.length + 1 + lengthField) / blockLength) * blockLength;
  const padded = Buffer.alloc(whole);
  message.copy(padded);
  padded[message.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, whole - lengthField);
  return padded;
}

function digestBlock(state: State, block: Buffer): State {
  let [a, b, c, d] = state;
  for (const { constant, shifts, words, mix } of rounds) {
    words.forEach((word, step) => {
      const sum = (a + mix(b, c, d) + block.readInt32LE(word * 4) + constant) | 0;
      const shift = shifts[(step % 4) as 0 | 1 | 2 | 3];
      [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
    });
  }
  return [a, b, c, d];
}

function add([a, b, c, d]: State, [e, f, g, h]: State): State {
  return [(a + e) | 0, (b + f) | 0, (c + g) | 0, (d + h) | 0];
}
