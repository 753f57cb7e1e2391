import type { ReplicationHost } from "../../../../provider/core/host/ports";
import type { WsmanConnection } from "../../../../provider/transports/wsman/connection";
import { openWsmanHost, type Surroundings } from "../../../../provider/transports/wsman/wsmanHost";
import { type Script, ScriptedHost } from "./scriptedHost";

const opened: { readonly host: ReplicationHost; readonly server: ScriptedHost }[] = [];

/** Ends what a test has opened. */
export async function closeAll(): Promise<void> {
  for (const { host, server } of opened.splice(0)) {
    await host.close();
    await server.stop();
  }
}

/** Lets time pass at once: what waits between two tries does not wait here. */
const hurrying = { now: () => Date.now(), sleep: () => Promise.resolve() };

/** A scripted host and a session with it; by Basic over plain HTTP unless it is said otherwise. */
export async function openClient(
  script: Script,
  connection: Partial<WsmanConnection> = {},
  surroundings: Partial<Surroundings> = {},
  server: { tls?: { asksForCertificate: boolean }; address?: string } = {},
): Promise<{ readonly host: ReplicationHost; readonly server: ScriptedHost }> {
  const scripted = await ScriptedHost.start(script, server);
  const { host } = openWsmanHost(
    {
      host: "127.0.0.1",
      port: scripted.port,
      tls: server.tls !== undefined,
      auth: "basic",
      ...(connection.auth === undefined && { username: "operator", password: "pass word" }),
      ...connection,
    },
    { environment: {}, clock: hurrying, ...surroundings },
  );
  const both = { host, server: scripted };
  opened.push(both);
  return both;
}

export const options = { signal: new AbortController().signal };

/** What of an error decides about what follows. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ code: unknown; effect: unknown; message: string; remedy: unknown }> {
  const error: unknown = await call.then(
    (value) => new Error(`it did not fail: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  const { code, effect, message, remedy } = error as Error & Record<"code" | "effect" | "remedy", unknown>;
  return { code, effect, message, remedy };
}
