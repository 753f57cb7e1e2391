import type { JournalLine, SimulatorAdministration } from "pulumi-hyperv-replica/simulator";
import type { RequestOutput } from "../../provider/state/outputTypes";
import type { ResourceUnderTest, Sandbox } from "../support/sandbox";

/** What a resource asks for when its run is killed. */
export const requests = ["create", "update", "forced create"] as const;
export type Request = (typeof requests)[number];

/**
 * What happens to the resync that was called for: it ends with the call, and the run that is killed may have seen it; it
 * still runs when the next run looks; it has ended by then, and the host still shows its job; or no longer shows it.
 */
export type Fate = "over with the call" | "still running" | "over" | "over and forgotten";

/** One run of a resource that is killed after so many lines of its host's journal. */
export interface Kill {
  readonly request: Request;
  readonly line: number;
  readonly fate: Fate;
}

/** The end of a killed request. */
export interface End {
  readonly kill: string;
  /** Calls that the host accepted for the request, and that it refused. */
  readonly accepted: number;
  readonly refused: number;
  readonly outcome: unknown;
  readonly adopted: unknown;
  readonly replicationState: number | undefined;
}

/** Real time: an ended job is shown as long as a test lasts, five minutes. */
const clock = { speed: 1 };
const overWithTheCall = { seconds: 0 };
const longSeconds = 3_000;
const replicating = 3;
const vm = "web01";

/** A resource with its own host. */
export class KilledResource {
  readonly name: string;
  readonly kill: Kill;
  readonly #host: SimulatorAdministration;
  readonly #file: string;
  #linesBefore = 0;

  constructor(sandbox: Sandbox, kill: Kill) {
    const { request } = kill;
    this.kill = kill;
    this.name = nameOf(kill);
    this.#file = `${this.name}.json`;
    // A second resync for the same request, where there is one, does not have to be waited for.
    const resync = [resyncOf(kill), overWithTheCall];
    this.#host = sandbox.addHost(this.#file, {
      name: `HV-${this.name}`,
      clock,
      machines: [
        {
          name: vm,
          state: request === "forced create" ? "replicating" : "resynchronizationRequired",
          resync: request === "update" ? [overWithTheCall, ...resync] : resync,
        },
      ],
    });
  }

  resource(trigger: string): ResourceUnderTest {
    const connection = { transport: "simulator", scenario: this.#file };
    const policy = this.kill.request === "forced create" ? "always" : "ifRequired";
    return { name: this.name, args: { vm, triggers: [trigger], policy, connection } };
  }

  /** The VM requires a resync again; from here on the lines of the journal count. */
  async beginUpdate(): Promise<void> {
    await this.#host.breakMachine(vm);
    this.#linesBefore = (await this.#host.readJournal()).length;
  }

  /** The plugin receives nothing from this host after the line: the call is carried out, its reply never arrives. */
  async freezeAfterLine(): Promise<void> {
    const after = this.kill.line - 1;
    await this.#host.injectFault({ operation: "*", kind: "slowReply", after, seconds: 1_000_000 });
  }

  /** The lines of the request that is killed, and of what follows it. */
  async journal(): Promise<readonly JournalLine[]> {
    return (await this.#host.readJournal()).slice(this.#linesBefore);
  }

  /** What happens on the host between the kill and the next run. */
  async letTimePass(): Promise<void> {
    const { fate } = this.kill;
    if (fate === "over") await this.#host.advanceClock(longSeconds + 10);
    if (fate === "over and forgotten") await this.#host.advanceClock(longSeconds + 450);
  }

  /** A resync that still runs ends. */
  async letItEnd(): Promise<void> {
    await this.#host.advanceClock(longSeconds);
  }

  async end(outputs: Readonly<Record<string, unknown>> | undefined): Promise<End> {
    const calls = (await this.journal()).filter(({ operation }) => operation === "Resynchronize");
    const accepted = calls.filter(({ returnValue }) => returnValue === 0 || returnValue === 4096).length;
    const { links } = await this.#host.readMachine(vm);
    return {
      kill: this.name,
      accepted,
      refused: calls.length - accepted,
      outcome: outputs?.["outcome"],
      adopted: (outputs?.["request"] as Partial<RequestOutput> | undefined)?.adopted,
      replicationState: links[0]?.replicationState,
    };
  }
}

/** The expected end of a request, given which line of an undisturbed run is the call. */
export function expectedEnd(kill: Kill, call: number): End {
  const { request, line, fate } = kill;
  const end: End = {
    kill: nameOf(kill),
    accepted: 1,
    refused: 0,
    outcome: "completed",
    adopted: false,
    replicationState: replicating,
  };
  // Nothing had begun on the host, apart from a suspension: the next run does it all.
  if (line < call) return end;
  // The engine lost its record and the resync has ended meanwhile: forced, this is the one gap that cannot be closed.
  // The next run finds a VM that replicates normally, and the program says that it is to be resynchronized anyway.
  if (request === "forced create" && fate !== "still running") return { ...end, accepted: 2 };
  // Neither the engine nor the host still knows of the resync, and the VM requires none.
  if (fate === "over and forgotten") return { ...end, outcome: "skipped" };
  return { ...end, adopted: true };
}

function nameOf({ request, line, fate }: Kill): string {
  return `${request} ${line} ${fate}`.replaceAll(" ", "-");
}

function resyncOf({ line, fate }: Kill): { readonly seconds: number; readonly startDelaySeconds?: number } {
  if (fate === "over with the call") return overWithTheCall;
  // In turn: the relationship is in 10 soon, or the job keeps starting and the relationship stays in 9.
  return { seconds: longSeconds, startDelaySeconds: line % 2 === 0 ? 1 : longSeconds / 2 };
}
