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
      "functions/connectHvReplicaHost.ps1 86f133758590bd06bdaaf1e9560a3c150ec13f3081f1444c55ac254263ea0b97",
      "functions/getHvReplicaHealth.ps1 296f16a365bfc0f7ab3d825780b49ee3d008140a92d8824a8254f7734e2defb5",
      "functions/getHvReplicaRows.ps1 94cef6e09b88f96f01c9f495599ad47da370569b0a1f2a16eb00b579d4a95215",
      "functions/getHvReplicaService.ps1 d5271f59000ffe1a166fe3955ef228e444657fcece037b92d54a1a331b327663",
      "functions/getHvReplicaVersion.ps1 2f6375379d12107ad6a3abc49730849f9dcf8f7c7357ebc4ddcc7dfbda9a3a22",
      "functions/invokeHvReplica.ps1 60672643cfb703cfaeceab97310fcdda0d3bfeefafad308319f698918ea76ce4",
      "functions/requestHvReplicaState.ps1 25c43d03f887f2c3fed3dbf605adb98601ab77f5b93b259af67237e3b18745ab",
      "functions/startHvReplicaResync.ps1 742caac75881ebb778539b7dc7aed9eff0aa13e6e252ef6435cdc9b7eabd7816",
      "shared/cim.ps1 3ba97c1c4b46e630724da6676f69285c2c6a762e4ec34badad3d8485c7466e94",
      "shared/cimSession.ps1 5730e4e2c0df67a7707004a2a351cd929653b9dc5ce0ef24c97e5fa6986778ef",
      "shared/errorRecord.ps1 c8eac2427f5250571f535518a264d91a522b943d78fee389c094cfb20c872f1d",
      "shared/remoteSession.ps1 88ba26ca75553d514098a8ad9da0e0816030463a315e77b4599ac2d103f1c41d",
      "shared/replication.ps1 100eb4f0c4ae6b54326ab19825d2756c1ad05a35ca13ee418ec976446a012648",
      "shared/session.ps1 ef004a1d826771937cc51a3fee544798c499ec5f0a6eb3fac81a45caba3dae77",
      "shared/value.ps1 e6a0f2268055fabbea56a4f7667c186fd8891088605baf8a77875f0be5dbbd7e",
      "shared/wire.ps1 369b9ce0efa0ae035fccbdaad64bc182cd34ee6ead7d2c00d77470dfbec55f5e",
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
