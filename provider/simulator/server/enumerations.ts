import { randomUUID } from "node:crypto";
import { FaultAnswer, fault } from "./soap/wsmanFaults";
import type { Xml } from "./xml/composeXml";

interface OpenEnumeration {
  readonly user: string;
  readonly items: readonly Xml[];
  readonly endsAtMs: number;
}

/** Some items of an enumeration, and the context for those that are left. */
export interface Batch {
  readonly items: readonly Xml[];
  /** `undefined`: there are no more. */
  readonly context: string | undefined;
}

/** How much a reply takes. */
export interface BatchLimits {
  readonly maxElements: number;
  readonly room: number;
  readonly octetsOf: (xml: Xml) => number;
}

/** Enumerations that are not at their end. Every reply has a context of its own: the one before is no longer known. */
export class Enumerations {
  private readonly open = new Map<string, OpenEnumeration>();

  constructor(
    private readonly now: () => number,
    private readonly idleMs: number,
  ) {}

  /** How many a user has. */
  countOf(user: string): number {
    this.forgetIdle();
    return [...this.open.values()].filter((one) => one.user === user).length;
  }

  /** Puts down what is to be pulled, and gives its context. */
  keep(user: string, items: readonly Xml[]): string {
    const context = `uuid:${randomUUID().toUpperCase()}`;
    this.open.set(context, { user, items, endsAtMs: this.now() + this.idleMs });
    return context;
  }

  /**
   * The next items.
   * @throws FaultAnswer when there is no such context, or not one item fits into a reply.
   */
  pull(user: string, context: string, limits: BatchLimits): Batch {
    const { items } = this.take(user, context);
    return this.batch(user, items, limits);
  }

  /** Ends an enumeration. @throws FaultAnswer when there is no such context. */
  release(user: string, context: string): void {
    this.take(user, context);
  }

  /** The first items, and the others put down. */
  batch(user: string, items: readonly Xml[], { maxElements, room, octetsOf }: BatchLimits): Batch {
    let left = room;
    const fitting = items.findIndex((item, index) => {
      left -= octetsOf(item);
      return index >= maxElements || left < 0;
    });
    if (fitting === 0) throw new FaultAnswer(fault.envelopeExceeded);
    if (fitting === -1) return { items, context: undefined };
    return { items: items.slice(0, fitting), context: this.keep(user, items.slice(fitting)) };
  }

  private take(user: string, context: string): OpenEnumeration {
    this.forgetIdle();
    const found = this.open.get(context);
    if (found?.user !== user) throw new FaultAnswer(fault.enumerationContext);
    this.open.delete(context);
    return found;
  }

  private forgetIdle(): void {
    for (const [context, { endsAtMs }] of this.open) if (endsAtMs <= this.now()) this.open.delete(context);
  }
}
