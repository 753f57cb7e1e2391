import type { MethodCalled, Properties, VerbRecord } from "./chronicle";
import { isAccepted } from "./hostFacts";
import { group } from "./outputsRead";

/** One request of a user, as the oracle counts them: not as the product does. */
export interface Request {
  /** Calls for it that the host accepted. */
  readonly calls: MethodCalled[];
  /** The process was killed with a call made and nothing recorded. */
  isRecordLost: boolean;
  /** Requests that were tried after it, and are not in the state yet. */
  readonly next: Map<string, Request>;
}

/** The purpose of a create or update. */
export interface Errand {
  readonly request: Request;
  /** Whether the request has ended, so that no call must be made. */
  readonly isOver: boolean;
  readonly hasNewTriggers: boolean;
}

function newRequest(): Request {
  return { calls: [], isRecordLost: false, next: new Map() };
}

/** The request of every stored resource, and of every verb. */
export class Requests {
  readonly #ofOutputs = new WeakMap<Properties, Request>();
  readonly #creates = new Map<string, Request>();

  /** The purpose of a create or update. */
  errandOf({ name, urn, olds, news = {} }: VerbRecord): Errand {
    const version = versionOf(news);
    if (name === "create" || olds === undefined) {
      const key = `${urn} ${String(news.vm)} ${String(version)}`;
      const request = this.#creates.get(key) ?? newRequest();
      this.#creates.set(key, request);
      return { request, isOver: false, hasNewTriggers: true };
    }
    const stored = this.#ofOutputs.get(olds);
    if (stored === undefined) throw new Error(`no request was recorded for ${urn}`);
    const hasNewTriggers = version !== undefined && version !== versionOf(olds);
    if (hasNewTriggers)
      return { request: following(stored, `triggers ${String(version)}`), isOver: false, hasNewTriggers };
    const hasEnded = olds.outcome === "completed" || olds.outcome === "skipped";
    const isInState9 = group(olds, "replication").state === "resynchronizationRequired";
    if (hasEnded && isInState9 && news.policy === "ifRequired") {
      return { request: following(stored, "heal"), isOver: false, hasNewTriggers };
    }
    const isOver = hasEnded || olds.outcome === "started" || olds.outcome === "scheduled";
    return { request: stored, isOver, hasNewTriggers };
  }

  /** Records what a verb has left in the state. */
  note(verb: VerbRecord): void {
    const { name, end, olds, news = {}, urn } = verb;
    const outputs = end.kind === "answered" ? end.outputs : end.kind === "threw" ? end.properties : undefined;
    if (name === "read" && olds !== undefined && outputs !== undefined) {
      const stored = this.#ofOutputs.get(olds);
      if (stored !== undefined) this.#ofOutputs.set(outputs, stored);
    }
    if (name !== "create" && name !== "update") return;
    const { request } = this.errandOf(verb);
    request.calls.push(...verb.methods.filter(isAccepted));
    if (end.kind === "lost" && request.calls.length > 0) request.isRecordLost = true;
    if (outputs === undefined) return;
    this.#ofOutputs.set(outputs, request);
    if (name === "create") this.#creates.delete(`${urn} ${String(news.vm)} ${String(versionOf(news))}`);
  }
}

function following(stored: Request, key: string): Request {
  const known = stored.next.get(key) ?? newRequest();
  stored.next.set(key, known);
  return known;
}

/** The version of the triggers' values: two are the same exactly when their versions are. */
function versionOf({ triggers }: Properties): number | undefined {
  const hasVersion = typeof triggers === "object" && triggers !== null && "version" in triggers;
  return hasVersion && typeof triggers.version === "number" ? triggers.version : undefined;
}
