import type { StepOp } from "./events";
import type { Style } from "./style";
import { nameOf, typeOf } from "./urn";

/** How a step is written: its sign, and the words before, while, after and instead of it. */
interface Wording {
  readonly sign: string;
  readonly planned: string;
  readonly running: string;
  readonly done: string;
  readonly failed: string;
}

/** The words of the CLI. Source: pulumi/pulumi, pkg/backend/display/rows.go and jsonmessage.go. */
export const wordings: Readonly<Record<StepOp, Wording>> = {
  same: { sign: "  ", planned: "", running: "", done: "", failed: "failed" },
  create: { sign: "+ ", planned: "create", running: "creating", done: "created", failed: "creating failed" },
  update: { sign: "~ ", planned: "update", running: "updating", done: "updated", failed: "updating failed" },
  "create-replacement": {
    sign: "++",
    planned: "create replacement",
    running: "creating replacement",
    done: "created replacement",
    failed: "creating failed",
  },
  replace: { sign: "+-", planned: "replace", running: "replacing", done: "replaced", failed: "replacing failed" },
  "delete-replaced": {
    sign: "--",
    planned: "delete original",
    running: "deleting original",
    done: "deleted original",
    failed: "deleting failed",
  },
  delete: { sign: "- ", planned: "delete", running: "deleting", done: "deleted", failed: "deleting failed" },
  refresh: { sign: "~ ", planned: "refresh", running: "refreshing", done: "refreshed", failed: "refreshing failed" },
};

/** A row of the display: what happens to which resource. */
export function row(style: Style, sign: string, urn: string, ...parts: readonly (string | undefined)[]): string {
  const paint = sign.startsWith("+-") || sign === "++" || sign === "--" ? style.replaced : paintOf(style, sign[0]);
  const text = parts.filter((part) => part !== undefined && part !== "").join(" ");
  return ` ${paint(sign)} ${style.quiet(typeOf(urn))} ${nameOf(urn)} ${text}`.trimEnd();
}

/** Whole seconds while something runs; hundredths for what took less than one. */
export function seconds(elapsed: number, isDone: boolean): string {
  return isDone && elapsed < 1 ? `(${elapsed.toFixed(2)}s)` : `(${Math.floor(elapsed)}s)`;
}

function paintOf(style: Style, sign: string | undefined): (text: string) => string {
  if (sign === "+") return style.added;
  if (sign === "-") return style.removed;
  return style.changed;
}
