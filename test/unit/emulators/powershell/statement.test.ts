import { parseStatement } from "../../../emulators/powershell/statement";
import { connectLine, loadBase64, loadLine, scripts } from "./lines";

test("knows the lines that a client sends", () => {
  expect(parseStatement('[Console]::Out.WriteLine("aB3")')).toEqual({ kind: "write", stream: "stdout", text: "aB3" });
  expect(parseStatement('[Console]::Error.WriteLine("x")')).toEqual({ kind: "write", stream: "stderr", text: "x" });
  expect(parseStatement(loadLine())).toEqual({ kind: "load", base64: Buffer.from(scripts).toString("base64") });
  expect(parseStatement(connectLine)).toMatchObject({ kind: "invoke" });
  expect(parseStatement("exit 3")).toEqual({ kind: "exit", code: 3 });
  expect(parseStatement("exit")).toEqual({ kind: "exit", code: 0 });
  expect(parseStatement("  ")).toEqual({ kind: "empty" });
});

test("reads two single quotes inside a text as one", () => {
  expect(parseStatement("Invoke-HvReplica 'it''s'")).toEqual({ kind: "invoke", argument: "it's" });
  expect(parseStatement("Invoke-HvReplica ''")).toEqual({ kind: "invoke", argument: "" });
  expect(parseStatement(loadBase64("a''b"))).toEqual({ kind: "load", base64: "a'b" });
});

test("takes in a text of ten million characters", () => {
  const argument = "A".repeat(10_000_000);
  expect(parseStatement(`Invoke-HvReplica '${argument}'`)).toEqual({ kind: "invoke", argument });
});

test.each([
  "$x = ",
  "Get-Process |",
  "if ($true) {",
  "if ($true) { 1 }",
  "& {",
  "1 + (2",
  "@('a',",
  'Write-Output "a',
  "Write-Output 'it's'",
  "Invoke-HvReplica 'abc",
  "Invoke-HvReplica 'a'b'",
  "Write-Output `",
  'Write-Output "a `"',
])("waits for the rest of %j", (line) => {
  expect(parseStatement(line).kind).toBe("unfinished");
});

test.each([
  "Get-Process",
  "Invoke-HvReplica abc",
  "Invoke-HvReplica 'a' 'b'",
  'Invoke-HvReplica "a"',
  "Invoke-HvReplica 'a'; Get-Process",
  '[Console]::Out.WriteLine("$env:USERNAME")',
  "[Console]::Out.WriteLine('x')",
  'Write-Output "a""b" {}',
  "exit 3; 4",
])("does not know %j", (line) => {
  expect(parseStatement(line).kind).toBe("unknown");
});
