/** Attributes that travel in challenge and answer. Source: MS-NLMP 2.2.2.1. */
export const avId = {
  end: 0,
  computerName: 1,
  domainName: 2,
  dnsComputerName: 3,
  dnsDomainName: 4,
  flags: 6,
  timestamp: 7,
  channelBindings: 10,
} as const;

/** `MsvAvFlags`: the answer carries a message integrity code. */
export const micProvided = 0x2;

/** Writes a list of attributes and its end. */
export function writeAvPairs(pairs: readonly (readonly [id: number, value: Buffer])[]): Buffer {
  return Buffer.concat(
    [...pairs, [avId.end, Buffer.alloc(0)] as const].map(([id, value]) => {
      const head = Buffer.alloc(4);
      head.writeUInt16LE(id, 0);
      head.writeUInt16LE(value.length, 2);
      return Buffer.concat([head, value]);
    }),
  );
}

/** Reads a list of attributes up to its end; `undefined` when it has none. */
export function readAvPairs(bytes: Buffer): ReadonlyMap<number, Buffer> | undefined {
  const pairs = new Map<number, Buffer>();
  let at = 0;
  while (at + 4 <= bytes.length) {
    const id = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    if (id === avId.end) return pairs;
    if (at + 4 + length > bytes.length) return undefined;
    pairs.set(id, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}
