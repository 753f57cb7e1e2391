import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from "node:crypto";
import { sealPassword } from "../../../../provider/transports/powershell/sealedPassword";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const { n = "", e = "" } = publicKey.export({ format: "jwk" });

/** Big-endian numbers in base64, as PowerShell writes them. */
const key = {
  modulus: Buffer.from(n, "base64url").toString("base64"),
  exponent: Buffer.from(e, "base64url").toString("base64"),
};

function open({ key: sealedKey, iv, data }: ReturnType<typeof sealPassword>): string {
  const options = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" };
  const aesKey = privateDecrypt(options, Buffer.from(sealedKey, "base64"));
  const decipher = createDecipheriv("aes-256-cbc", aesKey, Buffer.from(iv, "base64"));
  return Buffer.concat([decipher.update(Buffer.from(data, "base64")), decipher.final()]).toString("utf8");
}

test.each([
  ["an empty one", ""],
  ["quotes of all kinds", 'it\'s "quoted" `so` ‘and’ “so”'],
  ["what looks like code", "$(throw 1) ${env:TEMP} #{x} %PATH%"],
  ["line breaks and NUL", "a\r\nb\u0000c"],
  ["Japanese text", "パスワード東京🖥️"],
  ["100 kB", "ß".repeat(50_000)],
])("a password comes through unchanged: %s", (_, password) => {
  expect(open(sealPassword(password, key))).toBe(password);
});

test("a password is never encrypted the same way twice, and stands nowhere in what is sent", () => {
  const password = "correct horse battery staple";
  const [one, other] = [sealPassword(password, key), sealPassword(password, key)];
  expect(one.data).not.toBe(other.data);
  expect(one.key).not.toBe(other.key);
  const sent = Buffer.concat([one.key, one.iv, one.data].map((text) => Buffer.from(text, "base64")));
  expect(sent.includes(password)).toBe(false);
});
