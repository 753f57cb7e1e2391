import { createHash } from "node:crypto";
import { readScripts } from "../../../../provider/transports/powershell/scripts";
import { filesUnder, scriptBytes, scriptNames } from "./scriptsFiles";
import { scriptOf } from "./scriptsFunctions";
import { problemsOf, problemsOfBytes } from "./scriptsRules";
import { tokensOf } from "./scriptsTokens";

const texts = new Map(scriptNames.map((name) => [name, scriptBytes(name).toString("utf8")]));
const functions = [...texts.values()].flatMap((text) => scriptOf(text).functions);

test.each(scriptNames)("%s is plain ASCII, and keeps every rule", (name) => {
  expect(problemsOfBytes(scriptBytes(name))).toEqual([]);
  expect(problemsOf(texts.get(name) ?? "", functions)).toEqual([]);
});

test("defines every function of the wire contract with one text parameter, and each function once", () => {
  const names = functions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const outer = [
    "Connect-HvReplicaHost",
    "Disconnect-HvReplicaHost",
    "Get-HvReplicaHealth",
    "Get-HvReplicaKey",
    "Get-HvReplicaRows",
    "Get-HvReplicaService",
    "Get-HvReplicaVersion",
    "Invoke-HvReplica",
    "Request-HvReplicaState",
    "Start-HvReplicaResync",
  ];
  for (const name of outer) {
    const parameter = name === "Invoke-HvReplica" ? "request" : "argument";
    expect(functions.find((one) => one.name === name)?.parameters[0]).toBe(parameter);
  }
});

test("is loaded whole: each file once", () => {
  const loaded = readScripts();
  for (const [name, text] of texts) expect({ name, times: loaded.split(text).length - 1 }).toEqual({ name, times: 1 });
});

test("calls methods of CIM in one place, and tells that it was sent right before", () => {
  const calls = [...texts].filter(([, text]) => /\.InvokeMethod\(/.test(text));
  expect(calls.map(([name]) => name)).toEqual(["shared/cim.ps1"]);
  expect(calls[0]?.[1]).toMatch(/\$Sending\['isSent'\] = \$true\n {4}\$result = \$Session\.InvokeMethod\(/);
});

test("changes only on purpose: after a change, review it and put the new digest here", () => {
  const digests = scriptNames.map((name) => {
    const digest = createHash("sha256").update(scriptBytes(name)).digest("hex");
    return `${name} ${digest}`;
  });
  expect(digests).toMatchInlineSnapshot(`
    [
      "functions/connectHvReplicaHost.ps1 6b8489376e190ae3657ac0ff30dfe4ebdf660726f46b142c5f105fbe46dc4c90",
      "functions/getHvReplicaHealth.ps1 1567c78a57f48f193698515b73db9cbbce66675755f3033f285578f4cb8adb08",
      "functions/getHvReplicaRows.ps1 2313b7955c6507c040592b094073ce55070e15fd4919635e4472c25663f4d83e",
      "functions/getHvReplicaService.ps1 48850db1472bd36711985fc78c96db5292fab47e182ca7b14ecb4ea898e93f0a",
      "functions/getHvReplicaVersion.ps1 2f6375379d12107ad6a3abc49730849f9dcf8f7c7357ebc4ddcc7dfbda9a3a22",
      "functions/invokeHvReplica.ps1 3a7ab2f141a5bee0fc46834630eac91a70574ccf6670bf4e729a4226a9cdfe4e",
      "functions/requestHvReplicaState.ps1 48b87c49086a1eefd690698af14d7582ac5cfbf116868d40926cad6fd5f02fda",
      "functions/startHvReplicaResync.ps1 76276c1f754925e80c3bde5b2ea66fff023453d264caab7d56a6397c2ac57177",
      "shared/cim.ps1 1cc79ebaee44972f2f4b21ab7d02caf2647001e8ef96e707162e95b2aa4f031b",
      "shared/cimSession.ps1 14d1367a52908a8a11fea264ac4e3a44bccf43367f835ad15ee61bf066fe4d48",
      "shared/errorRecord.ps1 c5f370116f5af6d4c15272385ab997ad22dcda493fb5c8131cc6934ec0d127f0",
      "shared/remoteSession.ps1 90146e2607cf655371afa802afaa0b180791afd808a3d408d339069b5509b686",
      "shared/replication.ps1 440e0855b6e0f0d621677098e34daf3ac6aca80a4146c41c7df42c8f90ea7256",
      "shared/session.ps1 381d21d7de2d5cf6257d2b9c6c1ce417a3c45070d776eb2002ddd96dd5d82c3e",
      "shared/value.ps1 30997915cecfd01e69f37f4320c1d0299165b0ba5bd88c35a9d9b698e1121181",
      "shared/wire.ps1 509c50151525137f3e05a68fbac04f178329f68aaa32d9cc18742cf66c350675",
    ]
  `);
});

const contract = "<#\nA.\n\nGet-HvReplicaA\n\nInput:    {}\nOutput:   {}\nFailures: none.\n#>\n";
const inFunction = (body: string) => `${contract}function Get-HvReplicaA {\n    ${body}\n}\n`;

test.each([
  ["Invoke-Expression", inFunction("Invoke-Expression 'a'"), "not an allowed command, Invoke-Expression"],
  ["an alias", inFunction("iex 'a'"), "not an allowed command, iex"],
  ["an alias in a pipeline", inFunction("$null = 1 | select Name"), "not an allowed command, select"],
  ["a command of another case", inFunction("get-ciminstance"), "not an allowed command, get-ciminstance"],
  ["a cmdlet of the Hyper-V module", inFunction("Resume-VMReplication -Resynchronize"), "Resume-VMReplication"],
  ["Write-Host", inFunction("if ($true) { Write-Host 'a' }"), "not an allowed command, Write-Host"],
  ["a command as an argument", inFunction("$a = @(Get-VM)\n$a"), "not an allowed command, Get-VM"],
  ["exit", inFunction("exit 3"), "ends the process, exit"],
  ["a command named by data", inFunction("$a = 'b'\n    & $a"), "runs what it is given, & $a"],
  ["dot-sourcing", inFunction(". './a.ps1'"), "runs what it is given, . './a.ps1'"],
  [
    "$ExecutionContext",
    inFunction("$ExecutionContext.InvokeCommand.InvokeScript('a')"),
    "runs text, $ExecutionContext",
  ],
  ["a script block out of text", inFunction("$null.InvokeCommand.NewScriptBlock('a')"), "runs text, NewScriptBlock"],
  ["data in a query", inFunction("$a = 1\n    \"Name = '$a'\""), "data in a text, \"Name = '$a'\""],
  ["a command in a text", inFunction('"a $("b") c"'), 'data in a text, "a $("b") c"'],
  ["a here-string with data", inFunction('$a = @"\n$null\n"@\n$a'), "data in a text, @"],
  ["the operator ??", inFunction("$a = 1\n    $a ?? 2"), "not in Windows PowerShell 5.1, ??"],
  ["the operator ?.", inFunction("$a = 1\n    ${a}?.b"), "not in Windows PowerShell 5.1, ?."],
  ["a ternary", inFunction("$a = 1\n    $a ? 1 : 2"), "not in Windows PowerShell 5.1, ?"],
  ["the operator &&", inFunction("Set-StrictMode && Set-StrictMode"), "not in Windows PowerShell 5.1, &&"],
  ["the operator ||", inFunction("Set-StrictMode || Set-StrictMode"), "not in Windows PowerShell 5.1, ||"],
  ["-Parallel", inFunction("ConvertTo-Json -Parallel"), "not in Windows PowerShell 5.1, -Parallel"],
  ["-AsHashtable", inFunction("ConvertFrom-Json -AsHashtable"), "not in Windows PowerShell 5.1, -AsHashtable"],
  ["$IsLinux", inFunction("if ($IsLinux) { 1 }"), "not in Windows PowerShell 5.1, $IsLinux"],
  ["a variable that nobody set", inFunction("$valeu"), "Get-HvReplicaA never sets $valeu"],
  ["a splat that nobody set", inFunction("ConvertTo-Json @options"), "Get-HvReplicaA never sets @options"],
  ["PowerShell's own variable", inFunction("$input = 1"), "PowerShell's own variable, $input"],
  ["a parameter that is not there", inFunction("Get-HvReplicaA -Other 1"), "Get-HvReplicaA has no parameter -Other"],
  ["something that runs when loaded", `${inFunction("1")}Set-StrictMode -Version Latest\n`, "runs when it is loaded"],
  ["no contract", "function Get-HvReplicaA { 1 }\n", "does not open with its contract"],
  ["half a contract", inFunction("1").replace("Failures: none.\n", ""), "contract without Failures:"],
  ["a function that the contract does not name", `${inFunction("1")}function Get-HvReplicaB { 1 }\n`, "Get-HvReplicaB"],
  [
    "a function that is only named",
    inFunction("1").replace("A.", "Get-HvReplicaC."),
    "Get-HvReplicaC is defined 0 times",
  ],
  [
    "a function defined twice",
    `${inFunction("1")}function Get-HvReplicaA { 2 }\n`,
    "Get-HvReplicaA is defined 2 times",
  ],
  ["a verb of one's own", inFunction("1").replaceAll("Get-", "Fetch-"), "not an approved verb: Fetch-HvReplicaA"],
])("finds %s", (_what, text, problem) => {
  expect(problemsOf(text, scriptOf(text).functions).join("\n")).toContain(problem);
});

test.each([
  ["a bracket that is left open", "if ($a) {\n  (1\n}", "line 3: } closes nothing"],
  ["a block that is left open", "if ($a) {\n  $b = @(1)\n", "line 1: { is never closed"],
  ["a bracket too many", "$a = 1 }", "line 1: } closes nothing"],
  ["a subexpression that is left open", '"a $(1', "line 1: $( is never closed"],
  ["a quote that is left open", "\n$a = 'it''s", "line 2: nothing begins with \"'it''s\""],
  ["a double quote that is left open", '$a = "b`"', 'line 1: " is never closed'],
  ["a here-string that does not end its line", "$a = @'\nb '@", "line 1: nothing begins with \"@'\\nb '@\""],
  ["a here-string that is left open", '$a = @"\nb', 'line 1: @" is never closed'],
  ["a comment that is left open", "<# a", 'line 1: nothing begins with "<# a"'],
])("finds %s", (_what, text, problem) => {
  expect(() => tokensOf(text)).toThrow(problem);
});

test("reads brackets and quotes only where they mean something", () => {
  const text = "# ' \" ( {\n<# ' [ #> $a['}'] + \"`\"(''\" + @'\n' \" (\n'@ + \"$(\"}\" + '{')\" + 'it''s ('\n";
  expect(
    tokensOf(text)
      .filter(({ kind }) => kind === "open" || kind === "close")
      .map((token) => token.text),
  ).toEqual(["[", "]"]);
});

test.each([
  ["a byte-order mark", Buffer.from("\uFEFF1\n"), "byte-order mark"],
  ["an umlaut", Buffer.from("ü\n"), "not ASCII with line feeds"],
  ["a carriage return", Buffer.from("1\r\n"), "not ASCII with line feeds"],
  ["a tab", Buffer.from("\t1\n"), "not ASCII with line feeds"],
  ["an unfinished last line", Buffer.from("1"), "no line feed at the end"],
])("finds %s", (_what, bytes, problem) => {
  expect(problemsOfBytes(bytes)).toContain(problem);
});

const jea = filesUnder("examples/jea");
const sixFunctions = [
  "Get-HvReplicaVersion",
  "Get-HvReplicaService",
  "Get-HvReplicaRows",
  "Get-HvReplicaHealth",
  "Start-HvReplicaResync",
  "Request-HvReplicaState",
];

test("copies no script into the example of a constrained endpoint", () => {
  expect([...jea.keys()]).toEqual([
    "HvReplica.psd1",
    "HvReplica.pssc",
    "README.md",
    "RoleCapabilities/HvReplicaOperator.psrc",
    "install.ps1",
  ]);
  for (const [file, bytes] of jea)
    expect({ file, defines: bytes.includes("function ") }).toEqual({ file, defines: false });
});

test("exposes six functions in a constrained endpoint, in the manifest and in the role", () => {
  const listed = (file: string, key: string) => {
    const list = new RegExp(`^ {4}${key} = @\\(([^)]*)\\)`, "m").exec(jea.get(file)?.toString("utf8") ?? "")?.[1] ?? "";
    return [...list.matchAll(/'([^']*)'/g)].map((match) => match[1]);
  };
  expect(listed("HvReplica.psd1", "FunctionsToExport")).toEqual(sixFunctions);
  const role = "RoleCapabilities/HvReplicaOperator.psrc";
  expect(listed(role, "VisibleFunctions")).toEqual(sixFunctions.map((name) => `HvReplica\\${name}`));
  expect(jea.get(role)?.toString("utf8")).not.toMatch(/Visible(Cmdlets|ExternalCommands|Providers|Aliases)/);
  expect(jea.get("HvReplica.pssc")?.toString("utf8")).toMatch(/^ {4}SessionType = 'RestrictedRemoteServer'$/m);
});

test("balances the other files of PowerShell too, in plain ASCII", () => {
  const emulator = filesUnder("test/emulators/cimCmdlets");
  const files = [...jea, ...emulator].filter(([file]) => /\.ps(?:1|d1|m1|rc|sc)$/.test(file));
  expect(files).toHaveLength(6);
  for (const [file, bytes] of files) {
    expect({ file, problems: problemsOfBytes(bytes) }).toEqual({ file, problems: [] });
    expect(tokensOf(bytes.toString("utf8")).length).toBeGreaterThan(10);
  }
});
