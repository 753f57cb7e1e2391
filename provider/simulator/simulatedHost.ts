import { carryOut, operationOf, type Caller, type HostAnswer, type HostCall } from "./model/call";
import { HostUnreachable, LogonRefused, ReplyLost } from "./model/hostFaults";
import { takeFault } from "./model/takeFault";
import type { WsmanBehaviour } from "./scenario/wsmanBehaviour";
import { PersistentHost } from "./persistentHost";
import type { SimulatorOptions } from "./simulatorOptions";
import type { Scenario } from "./scenario/scenarioSchema";
import type { Change } from "./files/store";

/** An answer with the time at which the host gave it. */
export type TimedAnswer = HostAnswer & {
  /** The host's own time, ISO 8601 UTC. */
  readonly at: string;
};

/** An answer as it is under way to the caller. */
interface Delivery {
  /** Missing: the call was not carried out. */
  readonly answer?: TimedAnswer;
  readonly isLost: boolean;
  readonly delayMs: number;
}

/**
 * A simulated Hyper-V host, as its doors see it: CIM calls in, raw numbers out. All it knows is in its files, so several
 * of these, in several processes, may stand for the same host.
 */
export class SimulatedHost {
  private constructor(private readonly persistent: PersistentHost) {}

  /**
   * Opens the host that a scenario file describes; what it has been through before is in the state file beside it.
   * @throws SimulatorError when a file cannot be read or says something that the simulator does not know.
   */
  static open(scenarioPath: string, options: SimulatorOptions = {}): SimulatedHost {
    return new SimulatedHost(new PersistentHost(scenarioPath, options));
  }

  /** The computer's own name. */
  get name(): string {
    return this.scenario.name;
  }

  /** The user of a door that needs no authentication, as on the host's own console: the first account. */
  get consoleUser(): string {
    return this.scenario.accounts[0]?.user ?? "";
  }

  /** How the host's WS-Management service behaves. */
  get wsman(): WsmanBehaviour {
    return this.scenario.wsman;
  }

  /** The account of a user, letter case ignored: for authentications that never show the password. */
  accountNamed(user: string): { readonly user: string; readonly password: string } | undefined {
    return this.scenario.accounts.find((one) => one.user.toLowerCase() === user.toLowerCase());
  }

  /** Whether the host answers at all. */
  async isReachable(): Promise<boolean> {
    return this.persistent.read(({ reachable }) => reachable);
  }

  /**
   * Checks a user name, letter case ignored, and a password.
   * @returns the user name as the host has it.
   * @throws LogonRefused when the host does not know them.
   */
  logOn(user: string, password: string | undefined): string {
    const account = this.accountNamed(user);
    if (account === undefined || account.password !== password) throw new LogonRefused(user);
    return account.user;
  }

  /** The host's own time, in milliseconds since 1970, UTC. */
  now(): number {
    return this.persistent.now();
  }

  /** The time on the clock of the caller, which the host's own may be ahead of, or behind. */
  callerNow(): number {
    return this.persistent.now() - Math.round(this.scenario.clock.skewSeconds * 1000);
  }

  /** Resolves after so many milliseconds of the host's own time; rejects with the signal's reason when it is aborted. */
  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return this.persistent.sleep(delayMs, signal);
  }

  /**
   * Carries one call out.
   * @throws HostUnreachable, ReplyLost, SimulatorError, or the signal's reason; a fault of the host is an answer.
   */
  async call(call: HostCall, caller: Caller, signal?: AbortSignal): Promise<TimedAnswer> {
    if (this.scenario.latencyMs > 0) await this.persistent.sleep(this.scenario.latencyMs, signal);
    const operation = operationOf(call);
    const { answer, isLost, delayMs } = await this.persistent.transact((host, nowMs): Change<Delivery> => {
      if (!host.reachable) throw new HostUnreachable(host.name);
      const fault = takeFault(host, operation);
      if (fault?.kind === "lostReplyBefore") return { state: host, value: { isLost: true, delayMs: 0 } };
      const done = carryOut(host, call, caller, nowMs);
      const answer = { ...done.answer, at: done.line.at };
      const isLost = fault?.kind === "lostReplyAfter";
      const delayMs = fault?.kind === "slowReply" ? fault.seconds * 1000 : 0;
      return { state: done.host, line: done.line, value: { answer, isLost, delayMs } };
    }, signal);
    if (isLost || answer === undefined) throw new ReplyLost(operation);
    if (delayMs > 0) await this.persistent.sleep(delayMs, signal);
    return answer;
  }

  private get scenario(): Scenario {
    return this.persistent.scenario.scenario;
  }
}
