import type { EngineEvent, StepOp } from "./events";
import type { Style } from "./style";
import { nameOf, typeOf } from "./urn";

type Outcome = "create" | "update" | "replace" | "delete" | "same";

const lines: readonly (readonly [Outcome, string, string, string])[] = [
  ["create", "+ ", "created", "to create"],
  ["update", "~ ", "updated", "to update"],
  ["replace", "+-", "replaced", "to replace"],
  ["delete", "- ", "deleted", "to delete"],
  ["same", "", "unchanged", "unchanged"],
];

/** Collects what the end of a run says: messages by resource, and how many resources met which fate. */
export class Summary {
  readonly #outcomes = new Map<string, Outcome>();
  readonly #messages = new Map<string, string[]>();
  readonly #errored = new Map<string, number>();

  take(event: EngineEvent): void {
    if (event.type === "step" && event.phase === "done") {
      const outcome = outcomeOf(event.op, event.found);
      if (outcome !== undefined) this.#outcomes.set(event.urn, outcome);
    }
    if (event.type !== "log" || event.ephemeral) return;
    const message = event.severity === "info" ? event.message : `${event.severity}: ${event.message}`;
    this.#messages.set(event.urn, [...(this.#messages.get(event.urn) ?? []), message]);
    if (event.severity === "error") this.#errored.set(event.urn, this.errorsOf(event.urn) + 1);
  }

  errorsOf(urn: string): number {
    return this.#errored.get(urn) ?? 0;
  }

  diagnostics(style: Style): string[] {
    return [...this.#messages].flatMap(([urn, messages]) => [
      `  ${style.quiet(typeOf(urn))} (${nameOf(urn)}):`,
      ...messages.flatMap((message) =>
        paintSeverity(style, message)
          .split("\n")
          .map((line) => `    ${line}`),
      ),
      "",
    ]);
  }

  resources(isPreview: boolean, style: Style): string[] {
    const counts = lines.flatMap(([outcome, sign, done, planned]) => {
      const count = [...this.#outcomes.values()].filter((other) => other === outcome).length;
      if (count === 0) return [];
      return [`    ${paintSign(style, sign)}${count} ${isPreview ? planned : done}`];
    });
    const errored = this.#errored.size;
    return errored === 0 ? counts : [...counts, `    ${style.error(`${errored} errored`)}`];
  }
}

/** Puts a message's severity in its colour. */
export function paintSeverity(style: Style, message: string): string {
  if (message.startsWith("error:")) return style.error("error:") + message.slice("error:".length);
  if (message.startsWith("warning:")) return style.warning("warning:") + message.slice("warning:".length);
  return message;
}

function outcomeOf(op: StepOp, found: "unchanged" | "updated" | "deleted" | undefined): Outcome | undefined {
  switch (op) {
    case "refresh":
      return found === "updated" ? "update" : found === "deleted" ? "delete" : "same";
    case "create-replacement":
    case "delete-replaced":
      return undefined;
    default:
      return op;
  }
}

function paintSign(style: Style, sign: string): string {
  if (sign === "+ ") return style.added(sign);
  if (sign === "- ") return style.removed(sign);
  if (sign === "+-") return style.replaced(sign);
  return style.changed(sign);
}
