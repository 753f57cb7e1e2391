import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { WsmanConnection } from "../../../provider/transports/wsman/connection";
import { programFile } from "../../support/programs/programs";
import { type Client, outcomeSchema } from "./steps";

/**
 * A client in a process of its own: the Kerberos library reads the environment of the process, which a test under jest
 * has only a copy of.
 */
export function startClient(connection: WsmanConnection, environment: NodeJS.ProcessEnv): Client {
  const child = spawn(process.execPath, [programFile("peerClient"), JSON.stringify(connection)], {
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
