import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { WsmanConnection } from "../../../provider/transports/wsman/connection";
import { type Client, outcomeSchema } from "./steps";

const tsx = pathToFileURL(createRequire(__filename).resolve("tsx")).href;

/**
 * A client in a process of its own: the Kerberos library reads the environment of the process, which a test under jest
 * has only a copy of.
 */
export function startClient(connection: WsmanConnection, environment: NodeJS.ProcessEnv): Client {
  const args = ["--import", tsx, join(__dirname, "clientMain.ts"), JSON.stringify(connection)];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const exited = once(child, "exit");
  return {
    ask: async (step) => {
      child.stdin.write(`${JSON.stringify(step)}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error("the client has ended");
      return outcomeSchema.parse(JSON.parse(line.value));
    },
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
