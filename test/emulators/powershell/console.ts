import { EOL } from "node:os";
import type { ConsoleProcess } from "./consoleProcess";
import { deliver, type FramedReply } from "./delivery";
import type { Fault, FaultPlan } from "./faults";
import type { Responder } from "./responder";
import { StandInError } from "./standInError";
import { parseStatement } from "./statement";
import { errorText, notBase64, notRecognized, type ErrorText } from "./errorText";
import { decodeBase64, readRequest, unreadableId, writeJson } from "./wire";

/** What a console is made of. */
export interface ConsoleParts {
  readonly process: ConsoleProcess;
  readonly responder: Responder;
  readonly plan: FaultPlan;
  /** Whether it writes the codes of a terminal. */
  readonly hasTerminalCodes: boolean;
  /** Whether its errors are coloured. */
  readonly hasColours: boolean;
  /** Ends what a command waits for at the simulated host. */
  readonly signal?: AbortSignal;
}

/** What terminfo has .NET write to a terminal when a command begins, and when it ends. */
const begin = "\u001b[?1h";
const end = "\u001b[?1l";

/**
 * `pwsh -NoLogo -NoProfile -NonInteractive -NoExit -Command -`, as far as a client sees it that sends single lines. Lines
 * are run one after the other: who calls waits for one before the next.
 */
export class PowerShellConsole {
  #scripts = "";
  #isDefined = false;
  #isStuck = false;

  constructor(private readonly parts: ConsoleParts) {}

  /**
   * Whether a statement was begun that never ends: whatever comes after it belongs to it, so nothing is run any more.
   * PowerShell would close some of them at an empty line; nothing that is sent here may span lines at all.
   */
  get isStuck(): boolean {
    return this.#isStuck;
  }

  /** The text that was loaded last. */
  get scripts(): string {
    return this.#scripts;
  }

  /** What the process does before it reads anything. */
  async start(): Promise<void> {
    const fault = this.parts.plan.take("start");
    if (fault !== undefined) await this.#around(fault, () => undefined);
  }

  /**
   * Runs one line.
   * @throws StandInError for a line that it does not know, or that breaks the wire contract.
   */
  async run(line: string): Promise<void> {
    if (this.#isStuck) return;
    const { process } = this.parts;
    const statement = parseStatement(line);
    switch (statement.kind) {
      case "empty":
        return;
      case "write":
        process.write(statement.stream, statement.text + EOL);
        return;
      case "unfinished":
        this.#isStuck = true;
        return;
      case "exit":
        process.exit(statement.code);
        return;
      case "unknown":
        throw new StandInError(`no stand-in knows this line, and no client sends it: ${line.slice(0, 200)}`);
      case "load":
        return this.#inTerminal(async () => this.#load(statement.base64));
      case "invoke":
        return this.#inTerminal(async () => this.#invoke(statement.argument));
    }
  }

  async #inTerminal(action: () => Promise<void>): Promise<void> {
    const { process, hasTerminalCodes } = this.parts;
    if (hasTerminalCodes) process.write("stdout", begin);
    await action();
    if (hasTerminalCodes) process.write("stdout", end);
  }

  async #load(base64: string): Promise<void> {
    await this.#around(this.parts.plan.take("load"), () => {
      const bytes = decodeBase64(base64);
      if (bytes === undefined) {
        this.#writeError(notBase64);
        return undefined;
      }
      this.#scripts = bytes.toString("utf8");
      this.#isDefined ||= /\bfunction\s+(?:\w+:)?Invoke-HvReplica\b/i.test(this.#scripts);
      return undefined;
    });
  }

  async #invoke(argument: string): Promise<void> {
    if (!this.#isDefined) {
      this.#writeError(notRecognized);
      return;
    }
    const { plan, responder, signal } = this.parts;
    const request = readRequest(argument);
    await this.#around(plan.take(request?.command ?? "unreadable"), async () => {
      const reply = await responder.respond(request, signal);
      return { id: request?.id ?? unreadableId, base64: writeJson(reply) };
    });
  }

  /** Carries a command out, with what goes wrong before, after and with its reply. */
  async #around(
    fault: Fault | undefined,
    command: () => FramedReply | undefined | Promise<FramedReply | undefined>,
  ): Promise<void> {
    const { process } = this.parts;
    if (fault?.kind === "dieBefore") process.die();
    if (fault?.kind === "slow") await process.sleep(fault.delayMs);
    const reply = await command();
    if (fault?.kind === "dieAfter") process.die();
    if (fault?.kind === "exit") process.exit(fault.code);
    if (fault?.kind === "lateReply") await process.sleep(fault.delayMs);
    if (fault?.kind === "ignoreSigterm") process.ignoreSigterm();
    deliver(reply, fault, process);
  }

  #writeError(error: ErrorText): void {
    this.parts.process.write("stderr", errorText(error, this.parts.hasColours));
  }
}
