import { atMostOneCall, callsAreDue, onlyRequestsCall } from "./callInvariants";
import type { RunRecord } from "./chronicle";
import { failedIsOver, greenIsGreen, verbsEnd } from "./endInvariants";
import type { HostEvent } from "./hostEvents";
import { Requests } from "./requests";
import type { Stored } from "./stack";
import { refreshKeeps, secretsStay, startsAreKept, stateReadsBack } from "./stateInvariants";
import { suspensionIsSaid } from "./suspensionInvariant";
import type { Violation } from "./violation";

export type { Violation } from "./violation";

/** Judges what a run did by what the host was like, never by what the product thought. */
export class Oracle {
  readonly #requests = new Requests();

  /** Everything in a run that must not happen. */
  judge(
    run: RunRecord,
    before: ReadonlyMap<string, Stored>,
    after: ReadonlyMap<string, Stored>,
    happened: readonly { readonly atMs: number; readonly event: HostEvent }[],
  ): Violation[] {
    return [
      ...onlyRequestsCall(run),
      ...atMostOneCall(run),
      ...this.#callsAreDue(run),
      ...verbsEnd(run),
      ...greenIsGreen(run, after),
      ...failedIsOver(run),
      ...stateReadsBack(run, before),
      ...startsAreKept(run),
      ...secretsStay(run),
      ...refreshKeeps(run),
      ...suspensionIsSaid(run, after, happened),
    ];
  }

  /** An `up` right after a good one has nothing to do. */
  judgeIdle({ verbs }: RunRecord): Violation[] {
    return verbs
      .filter(({ name }) => name === "create" || name === "update")
      .map(({ name, urn }) => ({ rule: "6 settles", text: `an up after a good one did ${name} ${urn}` }));
  }

  /** In the order of the verbs, so that every call is seen with what was recorded before it. */
  #callsAreDue(run: RunRecord): Violation[] {
    return run.verbs.flatMap((verb) => {
      const found = callsAreDue(verb, this.#requests);
      this.#requests.note(verb);
      return found;
    });
  }
}
