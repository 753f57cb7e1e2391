import { canPass, isReplicaResyncError, ReplicaResyncError } from "../../core/errors";
import type { Effect } from "../../core/hyperv/effect";
import { z } from "zod";
import { KeyedLock } from "../../core/host/locks";
import type { Clock } from "../../core/host/ports";
import { messageOf } from "../../core/text/messageOf";
import type { Executable } from "./executable";
import { type Doing, isBroken, translate } from "./remoteError";
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
  /** Whether the functions run on the host, in a session of PowerShell that can be lost. */
  readonly isRemote?: boolean;
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
  /** Connected to the host. */
  #process: ShellProcess | undefined;
  #isClosed = false;
  readonly #turns = new KeyedLock();
  #calls = 0;
  /** An authentication that the host refused: calls that waited for it fail too, as trying each could lock the account. */
  #refused: { readonly upTo: number; readonly error: unknown } | undefined;

  constructor(private readonly parts: SessionParts) {}

  /**
   * Runs a command and gives back its value.
   * @throws the transport and CIM errors of `errors.ts`; its effect is `unknown` when a change may have been made.
   */
  async call(command: Command, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const doing = this.#doing(command);
    const stopped = () => new ReplicaResyncError("CANCELLED", `stopped before it could ${command.step}`, doing);
    if (signal.aborted || this.#isClosed) throw stopped();
    const nth = ++this.#calls;
    let hasTurn = false;
    const turn = this.#turns.run("turn", async () => {
      if (isAborted(signal) || this.#isClosed) throw stopped();
      if (this.#refused !== undefined && nth <= this.#refused.upTo) throw this.#refused.error;
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

  #doing({ step, isChange = false }: Command): Doing {
    return { context: { host: this.parts.address, step }, isChange, isConnect: false };
  }

  /** The process, started and connected if there is none. */
  async #ready(signal: AbortSignal): Promise<ShellProcess> {
    if (this.#process?.isEnded === false) return this.#process;
    const step = "connect to the host";
    const doing: Doing = { context: { host: this.parts.address, step }, isChange: false, isConnect: true };
    const process = this.#start(doing);
    try {
      await this.#connect(process, doing, signal);
    } catch (error) {
      void process.kill();
      if (isReplicaResyncError(error) && !canPass(error)) this.#refused = { upTo: this.#calls, error };
      throw error;
    }
    if (this.#isClosed) {
      // Closing did not know of it, and nobody closes twice.
      void process.kill();
      throw new ReplicaResyncError("CANCELLED", `stopped while it tried to ${step}`, { context: doing.context });
    }
    this.#process = process;
    return process;
  }

  #start(doing: Doing): ShellProcess {
    try {
      return this.parts.start();
    } catch (error) {
      throw this.#notStarted(error, doing);
    }
  }

  async #connect(process: ShellProcess, doing: Doing, signal: AbortSignal): Promise<void> {
    const { connect, scripts } = this.parts;
    const { context } = doing;
    const { stderr } = await this.#exchange(process, loadLine(scripts), doing, signal);
    if (stderr.trim() !== "") {
      throw new ReplicaResyncError("UNREACHABLE", `PowerShell could not load the functions: ${excerpt(stderr)}`, {
        context,
        remedy: "They need the full language mode: AppLocker or Device Guard may restrict the account that runs Pulumi",
      });
    }
    const argument = { ...connect, ...(await this.#sealedPassword(process, doing, signal)) };
    await this.#run(process, { name: "Connect-HvReplicaHost", argument, step: context.step }, doing, signal);
  }

  /** The password for this process alone: the lines that it reads may be kept in a transcript. */
  async #sealedPassword(process: ShellProcess, doing: Doing, signal: AbortSignal): Promise<object> {
    const { password } = this.parts;
    if (password === undefined) return {};
    const { step } = doing.context;
    const value = await this.#run(process, { name: "Get-HvReplicaKey", argument: {}, step }, doing, signal);
    const key = keyShape.safeParse(value);
    if (!key.success) throw this.#nonsense(process, `an unexpected key: ${z.prettifyError(key.error)}`, doing);
    try {
      return { sealedPassword: sealPassword(password, key.data) };
    } catch (error) {
      throw this.#nonsense(process, `a key that cannot encrypt: ${messageOf(error)}`, doing);
    }
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
      throw this.#nonsense(process, messageOf(error), doing);
    }
    if (reply.ok) return reply.value;
    // The connection to the host may be lost: the next command connects again.
    if (isBroken(reply.error, this.parts.isRemote === true)) this.#drop(process);
    throw translate(reply.error, doing);
  }

  /** One line and what comes back, within the deadline and until the signal is aborted. */
  async #exchange(process: ShellProcess, line: string, doing: Doing, signal: AbortSignal): Promise<ShellOutput> {
    const { clock, deadlineMs } = this.parts;
    const { context } = doing;
    if (isAborted(signal))
      throw new ReplicaResyncError("CANCELLED", `stopped before it could ${context.step}`, { context });
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
      throw this.#brokenOff(error, doing, signal);
    } finally {
      signal.removeEventListener("abort", onAbort);
      limit.abort();
    }
  }

  /** Why there was no reply: the run was stopped, PowerShell could not be started, or it ended or did not answer. */
  #brokenOff(error: unknown, doing: Doing, signal: AbortSignal): Error {
    const { context, isConnect } = doing;
    if (error instanceof ExecutableError) return this.#notStarted(error, doing);
    if (isAborted(signal) || this.#isClosed) {
      const what = `stopped while it tried to ${context.step}`;
      return new ReplicaResyncError("CANCELLED", what, { context, cause: error, effect: effectOf(doing) });
    }
    const what = `could not ${context.step}: ${excerpt(messageOf(error))}`;
    if (isConnect) {
      const { path, source } = this.parts.executable;
      const remedy = `Check that "${path}" (${source}) is a PowerShell, and that the host can be reached from the runner`;
      return new ReplicaResyncError("UNREACHABLE", what, { context, cause: error, remedy });
    }
    const remedy = "If the host is only slow, raise connection.operationTimeoutSeconds";
    return new ReplicaResyncError("SESSION_LOST", what, { context, cause: error, remedy, effect: effectOf(doing) });
  }

  /** All errors are caught by the scripts and put into the reply: text on stderr is not a reply. */
  #refuseErrorText(process: ShellProcess, { stderr }: ShellOutput, doing: Doing): void {
    if (stderr.trim() !== "") throw this.#nonsense(process, `PowerShell wrote an error: ${excerpt(stderr)}`, doing);
  }

  #nonsense(process: ShellProcess, what: string, doing: Doing): ReplicaResyncError {
    this.#drop(process);
    const { context } = doing;
    const remedy = "Report this as a bug of this package";
    return new ReplicaResyncError("BAD_REPLY", `could not ${context.step}: ${what}`, {
      effect: effectOf(doing),
      context,
      remedy,
    });
  }

  #notStarted(error: unknown, { context }: Doing): ReplicaResyncError {
    const { path, source } = this.parts.executable;
    const why = messageOf(error instanceof ExecutableError ? error.cause : error);
    return new ReplicaResyncError("UNREACHABLE", `PowerShell could not be started: "${path}" (${source}): ${why}`, {
      context,
      cause: error,
      remedy: "Set connection.executable or NODE_POWERSHELL to a PowerShell, or install PowerShell",
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

/** Read again every time: a stop can come at any await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
