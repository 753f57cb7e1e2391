import type { BrokenReply } from "../../provider/simulator/scenario/wsmanBehaviour";
import { BrokenReplies } from "../../provider/simulator/server/brokenReplies";

/** What can go wrong with the bytes of a call that has reached the host, or with the connection after it. */
const wireKinds = [
  /** The connection breaks before the call is carried out. */
  "resetBefore",
  /** The connection breaks after it. */
  "resetAfter",
  /** The reply arrives when the client no longer waits for it. */
  "late",
  /** The reply arrives in small pieces, and in time. */
  "drip",
  /** The host closes the connection after the reply, and the client finds out with its next request. */
  "stale",
  /** The connection breaks after the call, and the next one is refused. */
  "refused",
] as const;

/** Kinds of {@link wireKinds}. */
type WireKind = (typeof wireKinds)[number];

/** Something that goes wrong between the client and a host. The door itself does what is not in {@link wireKinds}. */
export interface WireFault {
  readonly kind: WireKind | BrokenReply["kind"];
  /** As the journal names it, or `Pull`; `*` for any. */
  readonly operation: string;
  /** How many of these calls go well first. */
  readonly after: number;
  /** How many run into it. */
  readonly times: number;
}

/** Which calls of a case run into which faults: in all its processes together, as there is one host. */
export class WireFaults {
  /** Those that the door applies. */
  readonly brokenReplies = new BrokenReplies();
  readonly #planned: { readonly kind: WireKind; readonly operation: string; after: number; times: number }[] = [];

  constructor(faults: readonly WireFault[]) {
    for (const { kind, ...when } of faults) {
      if (isWireKind(kind)) this.#planned.push({ kind, ...when });
      else this.brokenReplies.add({ kind, ...when });
    }
  }

  /** What this call runs into, if anything. A call counts for every fault that it matches. */
  take(operation: string): WireKind | undefined {
    const fitting = this.#planned.filter(
      (one) => one.times > 0 && (one.operation === operation || one.operation === "*"),
    );
    const due = fitting.find(({ after }) => after === 0);
    for (const one of fitting) if (one.after > 0) one.after -= 1;
    if (due !== undefined) due.times -= 1;
    return due?.kind;
  }
}

function isWireKind(kind: WireFault["kind"]): kind is WireKind {
  return wireKinds.some((one) => one === kind);
}
