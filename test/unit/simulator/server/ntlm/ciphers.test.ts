import { createHash, getHashes } from "node:crypto";
import { md4 } from "../../../../../provider/simulator/server/ntlm/md4Digest";
import { Rc4 } from "../../../../../provider/simulator/server/ntlm/rc4Stream";

// RFC 1320, A.5.
test.each([
  ["", "31d6cfe0d16ae931b73c59d7e0c089c0"],
  ["a", "bde52cb31de33e46245e05fbdbd6fb24"],
  ["abc", "a448017aaf21d8525fc10ae87aa6729d"],
  ["message digest", "d9130a8164549fe818874806e1c7014b"],
  ["abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9"],
  ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "043f8582f241db351ce627e153e7f0e4"],
  [
    "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
    "e33b4ddc9c38f2199c3e7b164fcc0536",
  ],
])("MD4 of %p is that of RFC 1320", (text, digest) => {
  expect(md4(Buffer.from(text)).toString("hex")).toBe(digest);
});

const withMd4 = getHashes().includes("md4") && isUsable("md4") ? test : test.skip;
withMd4("MD4 is OpenSSL's at every length around a block", () => {
  for (let length = 50; length < 200; length++) {
    const message = Buffer.alloc(length, length);
    expect(md4(message)).toEqual(createHash("md4").update(message).digest());
  }
});

// RFC 6229 has the streams of these keys.
test.each([
  ["0102030405", "b2396305f03dc027ccc3524a0a1118a8"],
  ["0102030405060708090a0b0c0d0e0f10", "9ac7cc9a609d1ef7b2932899cde41b97"],
])("RC4 with the key %s begins as in RFC 6229", (key, stream) => {
  expect(new Rc4(Buffer.from(key, "hex")).apply(Buffer.alloc(16)).toString("hex")).toBe(stream);
});

test("RC4 continues where it was", () => {
  const [whole, parts] = [new Rc4(Buffer.from("key")), new Rc4(Buffer.from("key"))];
  const text = Buffer.from("a message in three parts");
  const joined = [text.subarray(0, 1), text.subarray(1, 9), text.subarray(9)].map((part) => parts.apply(part));
  expect(Buffer.concat(joined)).toEqual(whole.apply(text));
});

function isUsable(hash: string): boolean {
  try {
    createHash(hash);
    return true;
  } catch {
    return false;
  }
}
