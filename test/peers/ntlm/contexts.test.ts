import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { SecurityContext } from "../../../provider/transports/wsman/securityContext";
import { channelBindingOf } from "../../../provider/transports/wsman/ntlm/channelBinding";
import { createNtlmContext, type NtlmOptions } from "../../../provider/transports/wsman/ntlm/ntlmContext";
import { certificate } from "../../unit/transports/wsman/ntlm/certificates";

// An independent peer: Python with the package pyspnego. HYPERV_REPLICA_TEST_PYTHON names another one than python3.
const python = process.env["HYPERV_REPLICA_TEST_PYTHON"] ?? "python3";
const isAvailable = spawnSync(python, ["-c", "import cryptography, spnego"]).status === 0;
const withPeer = isAvailable ? test : test.skip;

// Heimdal's form, which pyspnego reads: domain, user, password.
const accounts = [
  "CONTOSO:operator:P@ssw0rd-Ünï",
  ":operator@contoso.example:upn-secret",
  ":local:x",
  "CONTOSO:jürgen:umlaut",
];

const bytes = z.string().transform((text) => Buffer.from(text, "hex"));
const failed = z.strictObject({ error: z.string() });
const stepped = z.strictObject({ token: bytes.nullable(), complete: z.boolean(), user: z.string().nullable() });
const sealed = z.strictObject({ header: bytes, data: bytes });
const unsealed = z.strictObject({ data: bytes });

/** The peer's process: answers come in the order of the commands. */
class Acceptor {
  readonly #process: ChildProcess;
  readonly #answers: NodeJS.AsyncIterator<string>;

  constructor(accountsFile: string) {
    this.#process = spawn(python, [join(__dirname, "contextAcceptor.py")], {
      // 5: neither NTLMv1 nor LM is taken.
      env: {
        ...process.env,
        NTLM_USER_FILE: accountsFile,
        LM_COMPAT_LEVEL: "5",
        PYTHONIOENCODING: "utf-8",
        PYTHONUTF8: "1",
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (this.#process.stdout === null) throw new Error("the peer has no output");
    this.#answers = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
  }

  async ask<Answer extends z.ZodType>(
    command: Readonly<Record<string, string>>,
    answer: Answer,
  ): Promise<z.output<Answer>> {
    this.#process.stdin?.write(`${JSON.stringify(command)}\n`);
    const line = await this.#answers.next();
    if (line.done === true) throw new Error("the peer has ended");
    return answer.parse(JSON.parse(line.value));
  }

  async close(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.stdin?.end();
    await ended;
  }
}

let peer: Acceptor;
let folder: string;
// Neither hook runs where all tests are skipped.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ntlm-"));
  const file = join(folder, "accounts");
  writeFileSync(file, accounts.join("\n"));
  peer = new Acceptor(file);
});
afterAll(async () => {
  await peer.close();
  rmSync(folder, { recursive: true });
});

function contextWith(changes: Partial<NtlmOptions> = {}): SecurityContext {
  const given = { username: "CONTOSO\\operator", password: "P@ssw0rd-Ünï" };
  return createNtlmContext({ ...given, random: randomBytes, now: () => Date.now(), ...changes });
}

/** Everything up to the last message, which `change` may change on its way. */
async function authenticate(context: SecurityContext, der?: Buffer, change = (message: Buffer) => message) {
  await peer.ask({ do: "begin", ...(der !== undefined && { certificate: der.toString("hex") }) }, z.strictObject({}));
  const negotiate = await context.step();
  const { token } = await peer.ask({ do: "step", token: negotiate?.toString("hex") ?? "" }, stepped);
  const authenticate = await context.step(token ?? undefined);
  const last = change(authenticate ?? Buffer.alloc(0)).toString("hex");
  return peer.ask({ do: "step", token: last }, z.union([stepped, failed]));
}

withPeer.each([
  ["CONTOSO\\operator", "P@ssw0rd-Ünï", "CONTOSO\\operator"],
  ["contoso\\OPERATOR", "P@ssw0rd-Ünï", "contoso\\OPERATOR"],
  ["operator@contoso.example", "upn-secret", "operator@contoso.example"],
  ["local", "x", "local"],
  ["CONTOSO\\jürgen", "umlaut", "CONTOSO\\jürgen"],
])("pyspnego authenticates %s", async (username, password, user) => {
  const context = contextWith({ username, password, workstation: "RUNNER", targetName: "HTTP/hv01" });
  expect(await authenticate(context)).toEqual({ token: null, complete: true, user });
});

withPeer.each(["rsaMd5", "rsaSha1", "rsaSha256", "rsaSha384", "pssSha384", "ecdsaSha512"])(
  "pyspnego accepts the channel binding of a connection with %s, and not that of another one",
  async (name) => {
    const der = certificate(name);
    expect(await authenticate(contextWith({ channelBinding: channelBindingOf(der) }), der)).toMatchObject({
      complete: true,
    });
    const other = channelBindingOf(certificate("ecdsaSha256"));
    expect(await authenticate(contextWith({ channelBinding: other }), der)).toEqual({ error: "BadBindingsError" });
  },
);

withPeer("pyspnego and this client open each other's messages, several in a row, of all sizes", async () => {
  const context = contextWith();
  await authenticate(context);
  for (const length of [0, 1, 17, 4_096, 600_000, 3]) {
    const message = randomBytes(length);
    const own = await context.seal(message);
    const command = { do: "unseal", header: own.header.toString("hex"), data: own.data.toString("hex") };
    expect((await peer.ask(command, unsealed)).data.equals(message)).toBe(true);
    const peers = await peer.ask({ do: "seal", data: message.toString("hex") }, sealed);
    expect((await context.unseal(peers.header, peers.data)).equals(message)).toBe(true);
  }
});

withPeer("pyspnego refuses a wrong password, and a message that was changed on its way", async () => {
  const refused = { error: "InvalidTokenError" };
  expect(await authenticate(contextWith({ password: "wrong" }))).toEqual(refused);
  const otherVersion = (message: Buffer) => Buffer.from(message).fill(11, 64, 65);
  expect(await authenticate(contextWith(), undefined, otherVersion)).toEqual(refused);
});

withPeer("this client opens no message of pyspnego's that was changed on its way", async () => {
  const context = contextWith();
  await authenticate(context);
  const { header, data } = await peer.ask({ do: "seal", data: "00ff00ff" }, sealed);
  await expect(context.unseal(header, Buffer.from(data).fill(0, 0, 2))).rejects.toMatchObject({ code: "BAD_REPLY" });
});
