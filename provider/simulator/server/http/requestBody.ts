import type { IncomingMessage } from "node:http";

/** Read and thrown away of a request that is too long, in bytes: a client that still sends would not see the answer. */
const mostThrownAway = 16 * 1_024 * 1_024;

/** Reads a request to its end; `undefined` when it is longer than allowed. */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= mostBytes) chunks.push(chunk);
    else if (bytes > mostThrownAway) break;
  }
  return bytes > mostBytes ? undefined : Buffer.concat(chunks);
}
