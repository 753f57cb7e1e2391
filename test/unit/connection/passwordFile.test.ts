import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPassword } from "../../../provider/connection/passwordFile";

const folder = mkdtempSync(join(tmpdir(), "password-"));
const file = join(folder, "password.txt");

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ["without a line break", "correct horse"],
  ["with one", "correct horse\n"],
  ["with one of Windows", "correct horse\r\n"],
  ["with a byte-order mark", "\uFEFFcorrect horse\r\n"],
])("a password is read from a file %s", (_, text) => {
  writeFileSync(file, text);
  expect(readPassword(file)).toBe("correct horse");
});

test("spaces and what is not ASCII belong to the password", () => {
  writeFileSync(file, " pässword ");
  expect(readPassword(file)).toBe(" pässword ");
});

test.each([
  ["is empty", ""],
  ["is empty", "\n"],
  ["has several lines", "one\ntwo\n"],
  ["is UTF-16", Buffer.from("\uFEFFsecret", "utf16le")],
])("a file that %s is refused, and its content not told", (what, content) => {
  writeFileSync(file, content);
  expect(() => readPassword(file)).toThrow(new RegExp(`connection\\.passwordFile: .*password\\.txt ${what}`));
  expect(() => readPassword(file)).not.toThrow(/one|secret/);
});

test("a file that is not there is refused with the reason", () => {
  expect(() => readPassword(join(folder, "none"))).toThrow(/connection\.passwordFile: .*cannot be read: .*ENOENT/);
});

test("without a file there is no password", () => {
  expect(readPassword(undefined)).toBeUndefined();
});
