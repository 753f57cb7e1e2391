/** A line as PowerShell understands it, as far as anybody sends one. */
export type Statement =
  | { readonly kind: "empty" }
  | { readonly kind: "write"; readonly stream: "stdout" | "stderr"; readonly text: string }
  | { readonly kind: "load"; readonly base64: string }
  | { readonly kind: "invoke"; readonly argument: string }
  | { readonly kind: "exit"; readonly code: number }
  /** More has to come before anything runs. */
  | { readonly kind: "unfinished" }
  | { readonly kind: "unknown" };

/** A text in single quotes, in which two of them stand for one. Source: about_Quoting_Rules, learn.microsoft.com. */
const quoted = "'([^']*(?:''[^']*)*)'";
/** In double quotes a dollar sign and a backtick would mean something: such a text is not understood here. */
const write = /^\[Console\]::(Out|Error)\.WriteLine\("([^"$`]*)"\)$/;
const load = new RegExp(
  String.raw`^\. \(\[ScriptBlock\]::Create\(\[Text\.Encoding\]::UTF8\.GetString\(\[Convert\]::FromBase64String\(${quoted}\)\)\)\)$`,
);
const invoke = new RegExp(`^Invoke-HvReplica ${quoted}$`);
const exit = /^exit(?: (\d{1,3}))?$/;
/** A block may be followed by another that belongs to it (`else`, `catch`), so the next line is waited for. */
const block = /^\s*(?:if|elseif|else|for|foreach|while|do|switch|try|catch|finally|function|filter|trap)\b/i;
/** An operator, comma, pipe or backtick at the end of a line asks for more. */
const wantsMore = /[=|,+`]$/;

const closers: Readonly<Record<string, string>> = { "(": ")", "{": "}", "[": "]" };

/** What one line of stdin says. */
export function parseStatement(line: string): Statement {
  const text = line.trim();
  if (text === "") return { kind: "empty" };
  const [, stream, written = ""] = write.exec(text) ?? [];
  if (stream !== undefined) return { kind: "write", stream: stream === "Out" ? "stdout" : "stderr", text: written };
  const base64 = load.exec(text)?.[1];
  if (base64 !== undefined) return { kind: "load", base64: unquoted(base64) };
  const argument = invoke.exec(text)?.[1];
  if (argument !== undefined) return { kind: "invoke", argument: unquoted(argument) };
  const ended = exit.exec(text);
  if (ended !== null) return { kind: "exit", code: Number(ended[1] ?? 0) };
  return { kind: isUnfinished(text) ? "unfinished" : "unknown" };
}

function unquoted(text: string): string {
  return text.replaceAll("''", "'");
}

/** Whether a quote, bracket or block is open at the end, or something has to follow. */
function isUnfinished(text: string): boolean {
  const open: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "'" || char === '"') {
      const end = endOfQuoted(text, at);
      if (end === undefined) return true;
      at = end;
    } else if (char === "`") at += 1;
    else if (closers[char] !== undefined) open.push(closers[char]);
    else if (char === open.at(-1)) open.pop();
  }
  return open.length > 0 || block.test(text) || wantsMore.test(text);
}

/** Where the text ends that a quote begins. */
function endOfQuoted(text: string, begin: number): number | undefined {
  const quote = text.charAt(begin);
  for (let at = begin + 1; at < text.length; at++) {
    if (text.charAt(at) === "`" && quote === '"') at += 1;
    else if (text.charAt(at) === quote) {
      if (text.charAt(at + 1) !== quote) return at;
      at += 1;
    }
  }
  return undefined;
}
