import type { ResyncRecord } from "../core/record/record";
import { canonical } from "../state/canonical";
import { inputDefaults } from "../state/inputs";

/**
 * Requests that failed in this process after a call may have been made. The engine may call `create` or `update` again
 * in one run (error hooks) with the properties from before: the request must then be resumed, not begun again.
 */
export class Ledger {
  readonly #records = new Map<string, ResyncRecord>();
  readonly #rejections = new Map<string, Error>();

  /** What an earlier attempt of this run left behind. */
  find(inputs: Readonly<Record<string, unknown>>): ResyncRecord | undefined {
    return this.#records.get(keyOf(inputs));
  }

  /** Remembers how an attempt ended, or forgets the request when `record` is left out. */
  keep(inputs: Readonly<Record<string, unknown>>, record: ResyncRecord | undefined): void {
    if (record === undefined) this.#records.delete(keyOf(inputs));
    else this.#records.set(keyOf(inputs), record);
  }

  /** The answer to a call of this run that the host refused: it is not asked twice in one run. */
  findRejection(inputs: Readonly<Record<string, unknown>>): Error | undefined {
    return this.#rejections.get(keyOf(inputs));
  }

  /** Remembers that the host has refused the call of this request. */
  keepRejection(inputs: Readonly<Record<string, unknown>>, rejection: Error): void {
    this.#rejections.set(keyOf(inputs), rejection);
  }
}

/** A resource and its request. Held in memory only. */
function keyOf({
  __urn: urn,
  vm,
  relationship = inputDefaults.relationship,
  triggers,
}: Readonly<Record<string, unknown>>): string {
  return canonical([urn, vm, relationship, triggers]);
}
