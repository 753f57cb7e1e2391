import { ReplicaResyncError } from "../../../core/errors";

/** Kinds of target information. Source: MS-NLMP, section 2.2.2.1. */
export const avId = {
  end: 0,
  nbComputerName: 1,
  nbDomainName: 2,
  flags: 6,
  timestamp: 7,
  targetName: 9,
  channelBindings: 10,
} as const;

/** Bit of `MsvAvFlags`: the client's message carries a MIC. */
export const micProvided = 0x0000_0002;

/** One piece of target information. */
export interface AvPair {
  readonly id: number;
  readonly value: Buffer;
}

const headLength = 4;
/** Lengths of the values that this client reads. */
const lengthOf: ReadonlyMap<number, number> = new Map([
  [avId.flags, 4],
  [avId.timestamp, 8],
]);

/**
 * Reads target information as it came from a host: id and length of two bytes each, then the value, up to the pair that
 * ends the list; what follows that one is not read.
 * @throws {@link ReplicaResyncError} when a pair goes beyond the end, or the list does not end.
 */
export function parseAvPairs(bytes: Buffer): AvPair[] {
  const pairs: AvPair[] = [];
  let offset = 0;
  while (offset + headLength <= bytes.length) {
    const id = bytes.readUInt16LE(offset);
    const start = offset + headLength;
    if (id === avId.end) return pairs;
    offset = start + bytes.readUInt16LE(offset + 2);
    if (offset > bytes.length) throw malformed(`the value of pair ${id} goes beyond its end`);
    const value = bytes.subarray(start, offset);
    const length = lengthOf.get(id);
    if (length !== undefined && value.length !== length) {
      throw malformed(`pair ${id} has ${value.length} bytes instead of ${length}`);
    }
    pairs.push({ id, value });
  }
  throw malformed("its list of pairs does not end");
}

/** The pairs as they travel, with the one that ends the list. */
export function encodeAvPairs(pairs: readonly AvPair[]): Buffer {
  return Buffer.concat(
    [...pairs, { id: avId.end, value: Buffer.alloc(0) }].flatMap(({ id, value }) => [head(id, value), value]),
  );
}

function head(id: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(headLength);
  bytes.writeUInt16LE(id);
  bytes.writeUInt16LE(value.length, 2);
  return bytes;
}

function malformed(what: string): ReplicaResyncError {
  return new ReplicaResyncError(
    "BAD_REPLY",
    `the target information of the host's NTLM challenge is malformed: ${what}`,
  );
}
