import { z } from "zod";
import { readJson, writeJson, type Reply } from "../../../emulators/powershell/wire";

/** An id as the client makes them. */
export const id = "0123456789abcdef";

/** The least text that a client could load. */
export const scripts = "function Invoke-HvReplica { param([string]$Request) }";

/** The line that loads scripts. */
export function loadLine(text = scripts): string {
  return loadBase64(Buffer.from(text).toString("base64"));
}

/** The same around any base64. */
export function loadBase64(base64: string): string {
  return `. ([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64}'))))`;
}

/** The line that asks for a command. */
export function requestLine(command: string, argument: unknown = {}): string {
  return `Invoke-HvReplica '${writeJson({ id, command, argument: writeJson(argument) })}'`;
}

/** The line that connects to this machine. */
export const connectLine = requestLine("Connect-HvReplicaHost", { way: "local" });

const replySchema: z.ZodType<Reply> = z.discriminatedUnion("ok", [
  z.strictObject({ ok: z.literal(true), value: z.looseObject({}) }),
  z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({
      message: z.string().min(1),
      type: z.string(),
      hresult: z.string().nullable(),
      category: z.string(),
      errorId: z.string(),
      isSent: z.boolean(),
    }),
  }),
]);

/** The reply in an output that holds one under this id; `undefined` when there is none. */
export function replyIn(stdout: string, wanted = id): Reply | undefined {
  const base64 = new RegExp(`<hvr:${wanted}:([A-Za-z0-9+/=]*):${wanted}>`).exec(stdout)?.[1];
  const checked = replySchema.safeParse(base64 === undefined ? undefined : readJson(base64));
  return checked.success ? checked.data : undefined;
}
