import { z } from "zod";

/**
 * The lines that go to PowerShell and the replies that come back. Wire contract: one line
 * `Invoke-HvReplica '<base64 of { id, command, argument }>'`, with `argument` the base64 of the command's own JSON; back
 * comes, among whatever else is written, `<hvr:ID:BASE64:ID>` with the base64 of `{ ok: true, value }` or
 * `{ ok: false, error }`. All JSON is UTF-8; nothing but base64 ever holds data.
 */

/** The functions that the scripts define and that are called by name. */
export type CommandName =
  | "Get-HvReplicaKey"
  | "Connect-HvReplicaHost"
  | "Disconnect-HvReplicaHost"
  | "Get-HvReplicaService"
  | "Get-HvReplicaRows"
  | "Get-HvReplicaHealth"
  | "Start-HvReplicaResync"
  | "Request-HvReplicaState";

/** The line that loads the scripts into a new process. */
export function loadLine(scripts: string): string {
  return `. ([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64(scripts)}'))))`;
}

/** The line that runs a command. `id`: 16 hexadecimal digits that its reply repeats. */
export function commandLine(id: string, command: CommandName, argument: object): string {
  return `Invoke-HvReplica '${base64(JSON.stringify({ id, command, argument: base64(JSON.stringify(argument)) }))}'`;
}

const errorShape = z.object({
  message: z.string(),
  type: z.string(),
  /** Unsigned decimal. */
  hresult: z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .nullable(),
  category: z.string(),
  errorId: z.string(),
  /** Whether a method that changes something had been called by then. */
  isSent: z.boolean(),
});

const replyShape = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.record(z.string(), z.unknown()) }),
  z.object({ ok: z.literal(false), error: errorShape }),
]);

export type Reply = z.output<typeof replyShape>;
export type RemoteError = z.output<typeof errorShape>;

/** The process wrote something that is not a reply to the command. */
export class ReplyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ReplyError";
  }
}

/**
 * The reply with this id, out of all that the process wrote: warnings, other replies and terminal codes may stand around it.
 * @throws ReplyError when there is none, or it holds what no command returns.
 */
export function readReply(id: string, stdout: string): Reply {
  const begin = `<hvr:${id}:`;
  const from = stdout.indexOf(begin);
  const to = from < 0 ? -1 : stdout.indexOf(`:${id}>`, from + begin.length);
  if (to < 0) throw new ReplyError(`no reply among ${stdout.length} characters: ${excerpt(stdout)}`);
  const text = stdout.slice(from + begin.length, to);
  const checked = replyShape.safeParse(jsonOf(text));
  if (checked.success) return checked.data;
  throw new ReplyError(`an unexpected reply: ${z.prettifyError(checked.error)}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64").toString("utf8"));
  } catch {
    throw new ReplyError(`a reply that is not JSON: ${excerpt(text)}`);
  }
}

const excerptLength = 300;

/** The beginning of a text, without terminal codes and without anything that may be data of a command. */
export function excerpt(text: string): string {
  const shown = text
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "")
    .replace(/[A-Za-z0-9+/=]{24,}/g, "…")
    .trim();
  return shown.length > excerptLength ? `${shown.slice(0, excerptLength).toWellFormed()}…` : JSON.stringify(shown);
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
