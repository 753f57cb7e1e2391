import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { openWsmanHost } from "../../../provider/transports/wsman/wsmanHost";
import { encryptingPackage } from "../kerberos/kerberosPackage";
import { carryOut, stepSchema } from "./steps";

/** A client as a process: the connection as JSON is its argument; one step a line in, what came of it a line out. */
async function main(connection: string): Promise<void> {
  const { host } = openWsmanHost(JSON.parse(connection) as Parameters<typeof openWsmanHost>[0], {
    loadPackage: async (name): Promise<unknown> => createRequire(__filename)(encryptingPackage ?? name),
  });
  for await (const line of createInterface(process.stdin)) {
    const outcome = await carryOut(host, stepSchema.parse(JSON.parse(line)));
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
  await host.close();
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
