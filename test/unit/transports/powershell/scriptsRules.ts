import { commandsOf, scriptOf, type Script, type ScriptFunction } from "./scriptsFunctions";
import type { Token } from "./scriptsTokens";

/** Something in a script that must not be there. */
export type Problem = string;

/** Commands of PowerShell that the scripts may use: none that runs text, none of the Hyper-V module, no alias. */
export const allowedCommands: ReadonlySet<string> = new Set([
  "Set-StrictMode",
  "Get-Command",
  "ConvertFrom-Json",
  "ConvertTo-Json",
  "Get-CimInstance",
  "New-CimSession",
  "New-CimSessionOption",
  "Remove-CimSession",
  "New-PSSession",
  "New-PSSessionOption",
  "Remove-PSSession",
]);

/** Source: "Approved Verbs for PowerShell Commands", learn.microsoft.com; those in use. */
const approvedVerbs: ReadonlySet<string> = new Set(
  "Assert Close Connect ConvertFrom ConvertTo Disconnect Get Import Invoke New Read Request Send Start".split(" "),
);

/** What PowerShell 7 has and Windows PowerShell 5.1 has not. Source: "Differences from Windows PowerShell". */
const newOperators: ReadonlySet<string> = new Set(["??", "??=", "?.", "?", "&&", "||"]);
const newParameters: ReadonlySet<string> = new Set(
  "-parallel -ashashtable -datekind -escapehandling -noenumerate -asbytestream -skipcertificatecheck".split(" "),
);
const newVariables: ReadonlySet<string> = new Set("iswindows islinux ismacos iscoreclr".split(" "));

/** Variables that PowerShell fills. `script:` is the module, or the session that the scripts were loaded into. */
const automaticVariables: ReadonlySet<string> = new Set("_ null true false psversiontable".split(" "));
const takenVariables: ReadonlySet<string> = new Set("args error event host input matches pid sender this".split(" "));

/** Members through which text becomes code. */
const forbiddenMembers: ReadonlySet<string> = new Set(
  "invokecommand invokescript invokeexpression newscriptblock getnewclosure expandstring".split(" "),
);

/** What is wrong with the bytes of a file. */
export function problemsOfBytes(bytes: Uint8Array): Problem[] {
  const problems: Problem[] = [];
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) problems.push("byte-order mark");
  if (bytes.some((byte) => byte > 0x7e || (byte < 0x20 && byte !== 0x0a))) problems.push("not ASCII with line feeds");
  if (bytes.at(-1) !== 0x0a) problems.push("no line feed at the end");
  return problems;
}

/** What is wrong with a script, given all functions that it may call. @throws ScriptSyntaxError */
export function problemsOf(text: string, known: readonly ScriptFunction[]): Problem[] {
  const script = scriptOf(text);
  return [
    ...contractProblems(text, script, known),
    ...script.tokens.flatMap((token, at) => tokenProblems(token, script.tokens[at - 1])),
    ...commandProblems(script, known),
    ...outsideProblems(script),
    ...script.functions.flatMap((one) => [...nameProblems(one), ...variableProblems(one)]),
  ];
}

/** A file opens with a comment that names its functions, and says what goes in, what comes out, and what fails. */
function contractProblems(text: string, { functions }: Script, known: readonly ScriptFunction[]): Problem[] {
  const contract = /^<#\n([^]*?)\n#>\n/.exec(text)?.[1];
  if (contract === undefined) return ["does not open with its contract"];
  const problems: Problem[] = [];
  for (const section of ["Input:", "Output:", "Failures:"]) {
    if (!new RegExp(`^${section} `, "m").test(contract)) problems.push(`contract without ${section}`);
  }
  const named = new Set(contract.match(/\b[A-Z]\w+-HvReplica\w*/g));
  for (const name of named) {
    const count = known.filter((one) => one.name === name).length;
    if (count !== 1) problems.push(`${name} is defined ${count} times`);
  }
  for (const { name } of functions) {
    if (!named.has(name)) problems.push(`contract without ${name}`);
  }
  return problems;
}

function tokenProblems({ kind, text, line }: Token, before: Token | undefined): Problem[] {
  const name = text.replace(/^[$@]/, "").toLowerCase();
  const isMember = before?.text === "." || before?.text === "::";
  switch (kind) {
    case "expandable":
      return /[$`]/.test(text) ? [`line ${line}: data in a text, ${text}`] : [];
    case "operator":
      if (newOperators.has(text)) return [`line ${line}: not in Windows PowerShell 5.1, ${text}`];
      return [];
    case "word":
      if (newParameters.has(name)) return [`line ${line}: not in Windows PowerShell 5.1, ${text}`];
      return isMember && forbiddenMembers.has(name) ? [`line ${line}: runs text, ${text}`] : [];
    case "variable":
    case "splat":
      if (newVariables.has(name)) return [`line ${line}: not in Windows PowerShell 5.1, ${text}`];
      if (name === "executioncontext") return [`line ${line}: runs text, ${text}`];
      return takenVariables.has(name) ? [`line ${line}: PowerShell's own variable, ${text}`] : [];
    case "newline":
    case "comment":
    case "literal":
    case "number":
    case "open":
    case "close":
      return [];
  }
}

/** Every command is one of this package or one that is allowed, spelled as it is defined, with parameters that it has. */
function commandProblems({ tokens }: Script, known: readonly ScriptFunction[]): Problem[] {
  const problems = commandsOf(tokens).flatMap(({ token, at }) => {
    const own = known.find(({ name }) => name === token.text);
    if (own === undefined) {
      return allowedCommands.has(token.text) ? [] : [`line ${token.line}: not an allowed command, ${token.text}`];
    }
    return unknownParameters(tokens, at, own);
  });
  for (const [at, token] of tokens.entries()) {
    const text = token.text.toLowerCase();
    if (token.kind === "word" && text === "exit") problems.push(`line ${token.line}: ends the process, exit`);
    const isCall =
      token.text === "&" || (token.text === "." && (at === 0 || token.afterBlank || isLineStart(tokens, at)));
    const what = tokens[at + 1];
    if (token.kind === "operator" && isCall && what?.text !== "$Work") {
      problems.push(`line ${token.line}: runs what it is given, ${token.text} ${what?.text ?? ""}`);
    }
  }
  return problems;
}

function isLineStart(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return before === undefined || before.kind === "newline" || before.kind === "open";
}

function unknownParameters(tokens: readonly Token[], start: number, { name, parameters }: ScriptFunction): Problem[] {
  const problems: Problem[] = [];
  let depth = 0;
  for (const token of tokens.slice(start + 1)) {
    if (token.kind === "open") depth += 1;
    if (token.kind === "close") depth -= 1;
    const isEnd = depth < 0 || (depth === 0 && (token.kind === "newline" || [";", "|"].includes(token.text)));
    if (isEnd) break;
    if (depth === 0 && token.kind === "word" && token.text.startsWith("-")) {
      if (!parameters.includes(token.text.slice(1).toLowerCase()))
        problems.push(`line ${token.line}: ${name} has no parameter ${token.text}`);
    }
  }
  return problems;
}

/** Loading a file may define functions and set up the state, whatever order the files are in, and print nothing. */
function outsideProblems({ outside }: Script): Problem[] {
  const text = outside.map((token) => token.text).join(" ");
  return text === "" || text.startsWith("$script:HvReplicaState = @{") ? [] : [`runs when it is loaded: ${text}`];
}

function nameProblems({ name }: ScriptFunction): Problem[] {
  const verb = name.split("-")[0] ?? "";
  if (!/^[A-Z][A-Za-z]+-HvReplica[A-Za-z0-9]*$/.test(name)) return [`not a name of ours: ${name}`];
  return approvedVerbs.has(verb) ? [] : [`not an approved verb: ${name}`];
}

/** Under strict mode a variable that nobody set is an error, and only when that line runs. */
function variableProblems({ name, parameters, tokens }: ScriptFunction): Problem[] {
  const set = new Set([...parameters, ...automaticVariables]);
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "variable") continue;
    const isLoop = tokens[at - 2]?.text.toLowerCase() === "foreach";
    if (isLoop || tokens[at + 1]?.text === "=") set.add(token.text.slice(1).toLowerCase());
  }
  return tokens.flatMap(({ kind, text, line }) => {
    const variable = text.slice(1).toLowerCase();
    const isUse = kind === "variable" || kind === "splat";
    if (!isUse || set.has(variable) || variable === "script:hvreplicastate") return [];
    return [`line ${line}: ${name} never sets ${text}`];
  });
}
