import {
  CancelledError,
  ConnectionError,
  type Effect,
  isReplicaResyncError,
  ProtocolError,
  SessionLostError,
} from "../../core/errors";
import { z } from "zod";
import { KeyedLock } from "../../core/hostSession";
import type { Clock } from "../../core/ports";
import type { Executable } from "./executable";
import { type Doing, translate } from "./remoteError";
import { keyShape, sealPassword } from "./sealedPassword";
import { ExecutableError, type ShellOutput, type ShellProcess } from "./shellProcess";
import { commandLine, type CommandName, excerpt, loadLine, readReply, type Reply } from "./wire";

/** What a session is made of. */
export interface SessionParts {
  /** The name or address of the host, for messages. */
  readonly address: string;
  readonly executable: Executable;
  readonly start: () => ShellProcess;
  /** The text of all scripts. */
  readonly scripts: string;
  /** Argument of `Connect-HvReplicaHost`, without the password. */
  readonly connect: object;
  readonly password?: string;
  /** Longest time of one command. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  /** 16 hexadecimal digits, another one for every command. */
  readonly newId: () => string;
}

export interface Command {
  readonly name: CommandName;
  readonly argument: object;
  /** In the infinitive: "read Msvm_ComputerSystem". */
  readonly step: string;
  /** Whether it changes something on the host. */
  readonly isChange?: boolean;
}

/** How long an idle process may take to end by itself: then its remote sessions are closed properly. */
const endWithinMs = 2_000;

/**
 * One warm PowerShell process for one host, that runs one command at a time. A process that does not answer in time, that
 * says anything but its reply, or whose command is aborted, is killed; the next command starts another.
 */
export class PowerShellSession {
  #process: ShellProcess | undefined;
  #isClosed = false;
  readonly #turns = new KeyedLock();

  constructor(private readonly parts: SessionParts) {}

  /**
   * Runs a command and gives back its value.
   * @throws the transport and CIM errors of `errors.ts`; its effect is `unknown` when a change may have been made.
   */
  async call(command: Command, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const doing = this.#doing(command);
    const stopped = () => new CancelledError(`stopped before it could ${command.step}`, doing);
    if (signal.aborted || this.#isClosed) throw stopped();
    let hasTurn = false;
    const turn = this.#turns.run("turn", async () => {
      if (isAborted(signal) || this.#isClosed) throw stopped();
      hasTurn = true;
      return this.#run(await this.#ready(signal), command, doing, signal);
    });
    const whileWaiting = Promise.withResolvers<never>();
    const onAbort = (): void => {
      // A command under way ends itself, and knows what may have come of it.
      if (!hasTurn) whileWaiting.reject(stopped());
    };
    signal.addEventListener("abort", onAbort);
    try {
      return await Promise.race([turn, whileWaiting.promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
      turn.catch(() => undefined);
    }
  }

  /** Ends the process; safe to call twice. Nothing can be called any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined || process.isEnded) return;
    const within = new AbortController();
    const done = process.invoke(commandLine(this.parts.newId(), "Disconnect-HvReplicaHost", {})).catch(() => undefined);
    await Promise.race([done, this.parts.clock.sleep(endWithinMs, within.signal).catch(() => undefined)]);
    within.abort();
    await process.end(endWithinMs);
  }

  #doing({ step, isChange = false }: Command, isConnect = false): Doing {
    return { context: { host: this.parts.address, step }, isChange, isConnect };
  }

  /** The process, started and connected if there is none. */
  async #ready(signal: AbortSignal): Promise<ShellProcess> {
    if (this.#process?.isEnded === false) return this.#process;
    const { connect, scripts, start } = this.parts;
    const step = "open the way to the host";
    const doing = this.#doing({ name: "Connect-HvReplicaHost", argument: connect, step }, true);
    const process = start();
    this.#process = process;
    const loaded = await this.#exchange(process, loadLine(scripts), doing, signal);
    if (loaded.stderr.trim() !== "") {
      this.#drop(process);
      throw new ConnectionError(`PowerShell could not load the functions: ${excerpt(loaded.stderr)}`, {
        context: doing.context,
        remedy:
          "They need the full language: AppLocker and Device Guard may allow less to the account that runs Pulumi",
      });
    }
    const argument = { ...connect, ...(await this.#sealedPassword(process, doing, signal)) };
    await this.#run(process, { name: "Connect-HvReplicaHost", argument, step }, doing, signal);
    return process;
  }

  /** The password for this process alone: the lines that it reads may be kept in a transcript. */
  async #sealedPassword(process: ShellProcess, doing: Doing, signal: AbortSignal): Promise<object> {
    const { password } = this.parts;
    if (password === undefined) return {};
    const { step } = doing.context;
    const value = await this.#run(process, { name: "Get-HvReplicaKey", argument: {}, step }, doing, signal);
    const key = keyShape.safeParse(value);
    if (key.success) return { sealedPassword: sealPassword(password, key.data) };
    throw this.#nonsense(process, `a key that makes no sense: ${z.prettifyError(key.error)}`, doing);
  }

  async #run(
    process: ShellProcess,
    { name, argument }: Command,
    doing: Doing,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>> {
    const id = this.parts.newId();
    const output = await this.#exchange(process, commandLine(id, name, argument), doing, signal);
    this.#refuseErrorText(process, output, doing);
    let reply: Reply;
    try {
      reply = readReply(id, output.stdout);
    } catch (error) {
      throw this.#nonsense(process, error instanceof Error ? error.message : String(error), doing);
    }
    if (reply.ok) return reply.value;
    // Without a way to the host the process is of no use to the next command either.
    if (doing.isConnect) this.#drop(process);
    throw translate(reply.error, doing);
  }

  /** One line and what comes back, within the deadline and until the signal is aborted. */
  async #exchange(process: ShellProcess, line: string, doing: Doing, signal: AbortSignal): Promise<ShellOutput> {
    const { clock, deadlineMs } = this.parts;
    const { context } = doing;
    if (isAborted(signal)) throw new CancelledError(`stopped before it could ${context.step}`, { context });
    const limit = new AbortController();
    const onAbort = (): void => {
      limit.abort(signal.reason);
    };
    signal.addEventListener("abort", onAbort);
    const late = clock.sleep(deadlineMs, limit.signal).then(() => {
      throw new Error(`no reply within ${deadlineMs / 1_000} s`);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([process.invoke(line), late]);
    } catch (error) {
      this.#drop(process);
      const cause = { context, cause: error };
      if (error instanceof ExecutableError) throw this.#notStarted(error, doing);
      if (isAborted(signal)) {
        const what = `stopped while it tried to ${context.step}`;
        throw new CancelledError(what, { ...cause, effect: effectOf(doing) });
      }
      const what = `could not ${context.step}: ${error instanceof Error ? excerpt(error.message) : "it broke off"}`;
      if (doing.isConnect) throw new ConnectionError(what, cause);
      throw new SessionLostError(what, { ...cause, effect: effectOf(doing) });
    } finally {
      signal.removeEventListener("abort", onAbort);
      limit.abort();
    }
  }

  /** All errors are caught by the scripts and put into the reply: text on stderr is no reply. */
  #refuseErrorText(process: ShellProcess, { stderr }: ShellOutput, doing: Doing): void {
    if (stderr.trim() !== "") throw this.#nonsense(process, `PowerShell wrote an error: ${excerpt(stderr)}`, doing);
  }

  #nonsense(process: ShellProcess, what: string, doing: Doing): ProtocolError {
    this.#drop(process);
    const { context } = doing;
    const remedy = "Report this as a bug of the package";
    return new ProtocolError(`could not ${context.step}: ${what}`, { effect: effectOf(doing), context, remedy });
  }

  #notStarted(error: ExecutableError, { context }: Doing): ConnectionError {
    const { path, source } = this.parts.executable;
    return new ConnectionError(`PowerShell could not be started: "${path}" (${source}): ${causeOf(error)}`, {
      context,
      cause: error,
      remedy: "Name the executable in connection.executable or in NODE_POWERSHELL, or install PowerShell",
    });
  }

  #drop(process: ShellProcess): void {
    if (this.#process === process) this.#process = undefined;
    void process.kill();
  }
}

function effectOf({ isChange, isConnect }: Doing): Effect {
  return isChange && !isConnect ? "unknown" : "none";
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error && !isReplicaResyncError(cause) ? cause.message : String(cause);
}

/** Asked anew every time: a stop can come at any await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
