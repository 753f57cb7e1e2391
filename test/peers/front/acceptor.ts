import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

/** Python of the tests: `HYPERV_REPLICA_TEST_PYTHON`, or what the path has. */
export const python = process.env["HYPERV_REPLICA_TEST_PYTHON"] ?? "python3";

/** Whether that Python has all of these modules. */
export function hasModules(...names: readonly string[]): boolean {
  return spawnSync(python, ["-c", `import ${names.join(", ")}`]).status === 0;
}

/** How the front is; what each means stands in `acceptor.py`. */
export interface AcceptorSettings {
  readonly service: string;
  readonly user: string;
  readonly password: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly boundTo?: string;
  readonly schemes?: readonly ("Negotiate" | "Kerberos")[];
  readonly everyRequest?: boolean;
}

const connection = z.int();
const eventSchema = z.discriminatedUnion("what", [
  z.strictObject({ what: z.literal("refused"), scheme: z.string(), why: z.string() }),
  z.strictObject({
    what: z.literal("authenticated"),
    scheme: z.string(),
    protocol: z.string(),
    user: z.string(),
    connection,
  }),
  z.strictObject({
    what: z.literal("message"),
    sealed: z.boolean(),
    length: z.int(),
    replyLength: z.int(),
    connection,
  }),
  z.strictObject({ what: z.enum(["forgotten", "expired"]), connection }),
  z.strictObject({ what: z.literal("unsealed") }),
  z.strictObject({ what: z.enum(["unread", "broken"]), why: z.string() }),
]);

/** What happened in the front, in its order. */
export type AcceptorEvent = z.output<typeof eventSchema>;

/** The front of a WS-Management service as WinRM has it, in a process of its own that ends with this one. */
export class Acceptor {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly lines: NodeJS.AsyncIterator<string>,
  ) {}

  static async start(settings: AcceptorSettings, environment: NodeJS.ProcessEnv): Promise<Acceptor> {
    const child = spawn(python, [join(__dirname, "acceptor.py"), JSON.stringify(settings)], {
      env: { ...process.env, PYTHONUTF8: "1", ...environment },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { port } = z.strictObject({ port: z.int() }).parse(await nextOf(lines));
    return new Acceptor(port, child, lines);
  }

  /** The next message of an authenticated connection is answered with 401, and not read. */
  async forget({ close = false } = {}): Promise<void> {
    await this.ask({ do: "forget", close });
  }

  /** All that has happened so far. */
  async report(): Promise<readonly AcceptorEvent[]> {
    return this.ask({ do: "report" });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.stdin?.end();
    await exited;
  }

  private async ask(command: object): Promise<readonly AcceptorEvent[]> {
    this.child.stdin?.write(`${JSON.stringify(command)}\n`);
    return z.array(eventSchema).parse(await nextOf(this.lines));
  }
}

async function nextOf(lines: NodeJS.AsyncIterator<string>): Promise<unknown> {
  const line = await lines.next();
  if (line.done === true) throw new Error("the front has ended");
  return JSON.parse(line.value);
}
