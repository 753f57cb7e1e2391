import fc from "fast-check";
import {
  isSealed,
  openMessage,
  SealError,
  sealedMediaType,
  sealMessage,
} from "../../../../../provider/transports/wsman/auth/encryptedMessage";
import { FakeContext } from "./fakeContext";

const mediaType = "application/soap+xml;charset=UTF-8";

test("an encrypted message has the two parts that hosts read, with nothing between the data and the last boundary", async () => {
  const body = await sealMessage(new FakeContext("A"), Buffer.from("hi"), mediaType);
  expect(body.toString("latin1")).toBe(
    "--Encrypted Boundary\r\n" +
      "\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n" +
      "\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=2\r\n" +
      "--Encrypted Boundary\r\n" +
      "\tContent-Type: application/octet-stream\r\n" +
      "\x03\0\0\0A#1\x97\x96" +
      "--Encrypted Boundary--\r\n",
  );
  expect(sealedMediaType(new FakeContext("A"))).toBe(
    'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"',
  );
});

test("Kerberos is named as Kerberos", async () => {
  const context = new FakeContext("A", "Kerberos");
  expect(sealedMediaType(context)).toContain("application/HTTP-Kerberos-session-encrypted");
  expect((await sealMessage(context, Buffer.from("hi"), mediaType)).toString("latin1")).toContain(
    "HTTP-Kerberos-session",
  );
});

/** What a host with another spelling makes of a message. */
const spellings: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  "as we write it": (body) => body,
  "without type=": (body) => replaced(body, "type=", ""),
  "with a space in the boundary": (body) => replaced(body, "--Encrypted", "-- Encrypted"),
  "without tabs": (body) => replaced(body, "\t", ""),
  "with a space after the semicolon": (body) => replaced(body, ";Length", "; Length"),
};

function replaced(body: Buffer, what: string, by: string): Buffer {
  return Buffer.from(body.toString("latin1").replaceAll(what, by), "latin1");
}

test.each(Object.entries(spellings))("a message %s is opened", async (_, spell) => {
  const body = spell(
    await sealMessage(new FakeContext("A"), Buffer.from("<hello/>"), "application/soap+xml;charset=UTF-16"),
  );
  const { body: opened, mediaType: type } = await openMessage(new FakeContext("A"), body);
  expect(opened.toString()).toBe("<hello/>");
  expect(type).toBe("application/soap+xml;charset=UTF-16");
});

test("whatever the data are, they come back", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const message = Buffer.from(bytes);
      const body = await sealMessage(new FakeContext("A"), message, mediaType);
      expect((await openMessage(new FakeContext("A"), body)).body).toEqual(message);
    }),
  );
});

test("a message of another context, or one that is cut off anywhere, is refused", async () => {
  const body = await sealMessage(new FakeContext("A"), Buffer.from("<hello/>"), mediaType);
  await expect(openMessage(new FakeContext("B"), body)).rejects.toThrow(SealError);
  for (let length = 0; length < body.length - 2; length += 1) {
    await expect(openMessage(new FakeContext("A"), body.subarray(0, length))).rejects.toThrow(SealError);
  }
});

test("a length beyond the message is refused", async () => {
  const body = await sealMessage(new FakeContext("A"), Buffer.from("hi"), mediaType);
  await expect(openMessage(new FakeContext("A"), replaced(body, "Length=2", "Length=3"))).rejects.toThrow(/shorter/);
  await expect(openMessage(new FakeContext("A"), replaced(body, "\x03\0\0\0", "\xff\0\0\0"))).rejects.toThrow(
    /cut off/,
  );
});

test("encrypted answers are told by their media type", () => {
  expect(isSealed(sealedMediaType(new FakeContext("A")))).toBe(true);
  expect(isSealed(mediaType)).toBe(false);
  expect(isSealed(undefined)).toBe(false);
});
