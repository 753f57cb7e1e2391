import fc from "fast-check";
import { MessageStream } from "../../../../../provider/transports/wsman/ntlm/messageStream";
import { isReplicaResyncError } from "../../../../../provider/core/errors";
import { common, wrapped } from "./specification";

const open = (direction: "client-to-server" | "server-to-client" = "client-to-server") =>
  new MessageStream(common.sessionKey, direction);

test("the first message is encrypted as in MS-NLMP, section 4.2.4.4", () => {
  expect(open().seal(wrapped.plaintext)).toEqual({ header: wrapped.signature, data: wrapped.data });
});

test("messages of all lengths are opened in their order, and numbered from 0", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 6 }), (drawn) => {
      const [sender, receiver] = [open("server-to-client"), open("server-to-client")];
      drawn
        .map((bytes) => Buffer.from(bytes))
        .forEach((message, number) => {
          const { header, data } = sender.seal(message);
          expect(header.readUInt32LE(12)).toBe(number);
          expect(receiver.unseal(header, data)).toEqual(message);
        });
    }),
  );
});

const messages = [Buffer.from("first"), Buffer.from("second"), Buffer.from("third")];

test.each([
  ["a byte of the data is another one", ({ header, data }) => ({ header, data: flip(data, 2) })],
  ["a byte of the data is missing", ({ header, data }) => ({ header, data: data.subarray(1) })],
  ["the version is another one", ({ header, data }) => ({ header: flip(header, 0), data })],
  ["the checksum is another one", ({ header, data }) => ({ header: flip(header, 11), data })],
  ["the number is another one", ({ header, data }) => ({ header: flip(header, 12), data })],
  ["the signature is cut off", ({ header, data }) => ({ header: header.subarray(0, 15), data })],
  ["the signature is longer", ({ header, data }) => ({ header: Buffer.concat([header, Buffer.alloc(1)]), data })],
  ["there is no signature", ({ data }) => ({ header: Buffer.alloc(0), data })],
] satisfies [string, (sealed: Sealed) => Sealed][])("a message is not opened when %s", (_, change) => {
  const { header, data } = change(open().seal(Buffer.from("ReturnValue 0")));
  let error: unknown;
  try {
    open().unseal(header, data);
  } catch (thrown) {
    error = thrown;
  }
  expect(isReplicaResyncError(error) && { code: error.code, effect: error.effect, message: error.message }).toEqual({
    code: "BAD_REPLY",
    effect: "unknown",
    message: "the signature of the host's encrypted message is wrong",
  });
});

test("a message that is repeated, left out or of the other direction is not opened", () => {
  const sender = open();
  const sealed = messages.map((message) => sender.seal(message));
  const deliver = (order: readonly number[], receiver = open()) => {
    for (const number of order)
      receiver.unseal(sealed[number]?.header ?? Buffer.alloc(0), sealed[number]?.data ?? Buffer.alloc(0));
  };
  expect(() => {
    deliver([0, 1, 2]);
  }).not.toThrow();
  expect(() => {
    deliver([0, 0]);
  }).toThrow(/signature/);
  expect(() => {
    deliver([0, 2]);
  }).toThrow(/signature/);
  expect(() => {
    deliver([0], open("server-to-client"));
  }).toThrow(/signature/);
});

interface Sealed {
  readonly header: Buffer;
  readonly data: Buffer;
}

function flip(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}
