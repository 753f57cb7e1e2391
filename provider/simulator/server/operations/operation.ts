import type { Caller, SimulatedHost, TimedAnswer } from "../../forDoors";
import type { WsmanBehaviour } from "../../scenario/wsmanBehaviour";
import type { Enumerations } from "../enumerations";
import type { Xml } from "../xml/composeXml";

/** What an operation works with. */
export interface OperationContext {
  readonly host: SimulatedHost;
  readonly behaviour: WsmanBehaviour;
  readonly enumerations: Enumerations;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** How many octets of elements fit into the reply, and how many this one has. */
  readonly room: number;
  readonly octetsOf: (xml: Xml) => number;
}

/** What an operation answers: the action of the reply, and what its body holds. */
export interface OperationAnswer {
  readonly action: string;
  /** Nothing in the answer to a Release. */
  readonly body: Xml | undefined;
}

/** A request that was understood. */
export interface Operation {
  /** As the journal names it, or `Pull`, `Release`. */
  readonly name: string;
  /** Whether it counts as one more operation of its user, which may be one too many. */
  readonly isNew: boolean;
  run(context: OperationContext): Promise<OperationAnswer>;
}

/** Rows of an answer to a query. */
export function rowsOf(answer: TimedAnswer): Extract<TimedAnswer, { kind: "rows" }>["rows"] {
  if (answer.kind === "rows") return answer.rows;
  throw answer.kind === "fault" ? answer.fault : new Error(`a query was answered with ${answer.kind}`);
}
