import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "../../../fixtures/wsman");

/** A reply by the name of its file. */
export function fixture(name: string): string {
  return readFileSync(join(folder, `${name}.xml`), "utf8");
}

/** Path of a file of the certificates. */
export function tlsFile(name: "ca.pem" | "host.pem" | "host.key" | "client.pem" | "client.key"): string {
  return join(folder, "tls", name);
}

/** The reply, as if it answered the message of that id. */
export function answering(name: string, messageId: string): string {
  return fixture(name).replace("MESSAGE-ID", messageId);
}
