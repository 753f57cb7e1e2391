import { once } from "node:events";
import { createServer } from "node:net";

/** A port of 127.0.0.1 for a server. Another program may take it before that server does: then starting it fails, and says so. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
