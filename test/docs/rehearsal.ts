import type { ResyncRecord } from "../../provider/core/record/record";
import { toOutputs } from "../../provider/state/outputs";
import { vmId } from "../support/builders";
import { FakeClock } from "../support/fakeClock";
import { FakeHost, type Script } from "../support/fakeHost";
import { FakeStack, inputs, plugin, type Plugin, type RunEnd } from "../support/fakeStack";

type Properties = Readonly<Record<string, unknown>>;

/** What is there before a run. */
export interface Situation {
  readonly script?: Script;
  /** The program's inputs beside the VM and its connection. */
  readonly inputs?: Properties;
  /** What an earlier run has recorded; left out: nothing, the resource is new. */
  readonly stored?: ResyncRecord;
}

/** The result of one run. */
export interface Came {
  readonly did: RunEnd["did"];
  /** Calls of `Resynchronize` in this run. */
  readonly calls: number;
  readonly requestedStates: readonly (number | undefined)[];
  /** Whether it said that it waits for what runs already. */
  readonly isWaiting: boolean;
  /** Code of the error it ended with. */
  readonly code?: string;
  readonly error?: string;
  /** What the state holds afterwards; absent when the engine keeps no resource. */
  readonly outputs?: Properties;
}

/** A stack with one resource and a host with one VM, for looking at what the package does. */
export class Rehearsal {
  readonly host: FakeHost;
  readonly stack: FakeStack;
  readonly #inputs: Properties;

  constructor({ script = {}, inputs: more = {}, stored }: Situation) {
    this.host = new FakeHost(new FakeClock()).add(vmId, script);
    this.stack = new FakeStack(this.host);
    this.#inputs = inputs(more);
    if (stored !== undefined) {
      this.stack.state = { id: vmId, outputs: toOutputs(this.#inputs, stored), hasInitErrors: false };
    }
  }

  /** Lets time pass between two runs. */
  pass(seconds: number): void {
    this.host.clock.pass(seconds);
  }

  /** An `up`. `now` are inputs that have changed since. */
  async up(
    disturb: (run: { readonly plugin: Plugin; readonly kill: () => void }) => void = () => undefined,
    now: Properties = {},
  ): Promise<Came> {
    const one = plugin(this.host);
    const { promise: killed, resolve: kill } = Promise.withResolvers<undefined>();
    disturb({
      plugin: one,
      kill: () => {
        kill(undefined);
      },
    });
    this.host.log.calls.length = 0;
    const { did, error } = await this.stack.up({ ...this.#inputs, ...now }, { plugin: one, killed });
    this.host.onCall = () => undefined;
    this.host.onReply = () => undefined;
    const code = /\[([A-Z_]+)\]$/.exec(error?.message ?? "")?.[1];
    const outputs = this.stack.state?.outputs;
    return {
      did,
      calls: this.host.log.starts,
      requestedStates: this.host.log.requestedStates,
      isWaiting: /resuming the wait|waiting for (it|that) instead/.test(one.lines.text),
      ...(code !== undefined && { code }),
      ...(error !== undefined && { error: error.message }),
      ...(outputs !== undefined && { outputs }),
    };
  }

  /** A refresh. @returns the outputs that the state holds afterwards. */
  async refresh(): Promise<Properties> {
    await this.stack.refresh();
    return this.stack.state?.outputs ?? {};
  }
}

/** The result of an `up` in this situation. */
export async function rehearse(situation: Situation): Promise<Came> {
  return new Rehearsal(situation).up();
}
