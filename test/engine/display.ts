import type { EngineEvent } from "./events";
import { viewOutputs } from "./outputsView";
import { row, seconds, wordings } from "./rows";
import type { Style } from "./style";
import { paintSeverity, Summary } from "./summary";

type StepEvent = Extract<EngineEvent, { type: "step" }>;

const titles = { up: "Updating", preview: "Previewing update", refresh: "Refreshing", destroy: "Destroying" };
const interruptNote = "Note that terminating immediately may lead to orphaned resources and other inconsistencies.";

/** Shows a run to a person, line by line, in the words of the CLI: all that is seen of a run comes from here. */
export class Display {
  readonly #write: (line: string) => void;
  readonly #style: Style;
  readonly #stack: string;
  readonly #summary = new Summary();
  /** Steps that run, by URN. */
  readonly #running = new Map<string, { readonly step: StepEvent; readonly startedAt: number }>();
  #stackUrn = "";
  #isPreview = false;
  #outputs: Extract<EngineEvent, { type: "outputs" }> | undefined;

  constructor(stack: string, write: (line: string) => void, style: Style) {
    this.#stack = stack;
    this.#write = write;
    this.#style = style;
  }

  show(event: EngineEvent): void {
    this.#summary.take(event);
    switch (event.type) {
      case "start":
        this.#stackUrn = event.stackUrn;
        this.#isPreview = event.preview;
        {
          this.#lines([this.#style.heading(`${titles[event.command as keyof typeof titles]} (${this.#stack}):`), ""]);
          return;
        }
      case "step": {
        this.#step(event);
        return;
      }
      case "log": {
        this.#log(event);
        return;
      }
      case "outputs":
        this.#outputs = event;
        return;
      case "interrupt": {
        this.#interrupt(event.signal, event.terminates);
        return;
      }
      case "result": {
        this.#result(event.seconds);
        return;
      }
      case "plugin":
      case "cancel":
        return; // For tests: nothing that a person has to know.
    }
  }

  #step(event: StepEvent): void {
    const { op, urn, phase } = event;
    if (phase === "started") this.#running.set(urn, { step: event, startedAt: performance.now() });
    else if (urn === this.#stackUrn && op === "create" && !this.#isPreview)
      return; // Made when all is made.
    else this.#running.delete(urn);
    if (op === "same") return;
    const { sign, ...words } = wordings[op];
    const diff = diffOf(event);
    if (phase === "started") {
      this.#row(sign, urn, words.running, seconds(0, false), diff);
      return;
    }
    if (phase === "failed") {
      this.#row(sign, urn, this.#style.error(`**${words.failed}**`), diff);
      return;
    }
    if (op === "refresh" && event.found === "unchanged") {
      this.#row("  ", urn);
      return;
    }
    const shown =
      event.found === "deleted" ? wordings.delete : event.found === "updated" ? wordings.update : wordings[op];
    if (this.#isPreview) {
      this.#row(shown.sign, urn, shown.planned, diff);
      return;
    }
    this.#row(shown.sign, urn, shown.done, seconds(event.seconds ?? 0, true), diff);
  }

  /** A message stands beside what happens to its resource; only its first line, as the rest comes at the end. */
  #log({ urn, severity, message }: Extract<EngineEvent, { type: "log" }>): void {
    const [firstLine = ""] = message.split("\n");
    const text = paintSeverity(this.#style, severity === "info" ? firstLine : `${severity}: ${firstLine}`);
    const running = this.#running.get(urn);
    if (running === undefined || running.step.op === "same") {
      this.#row("  ", urn, text);
      return;
    }
    const elapsed = (performance.now() - running.startedAt) / 1_000;
    const { sign, running: word } = wordings[running.step.op];
    const diff = diffOf(running.step);
    this.#row(sign, urn, word, seconds(elapsed, false), diff === undefined ? undefined : `${diff};`, text);
  }

  #interrupt(signal: string, terminates: boolean): void {
    const name = signal === "SIGINT" ? "^C" : signal;
    const again = signal === "SIGINT" ? "press ^C again" : "send SIGTERM again";
    if (!terminates) {
      const advice = `If you would like to terminate immediately, ${again}.`;
      this.#lines([this.#style.heading(`${name} received; cancelling. ${advice}`), interruptNote, ""]);
      return;
    }
    this.#lines([this.#style.heading(`${name} received; terminating`)]);
    for (const { step } of this.#running.values()) {
      if (step.urn === this.#stackUrn) continue;
      const { sign, running } = wordings[step.op];
      this.#row(sign, step.urn, running, "(interrupted)", diffOf(step));
    }
  }

  #result(elapsed: number): void {
    const errors = this.#summary.errorsOf(this.#stackUrn);
    const count = errors === 0 ? undefined : `${errors} ${errors === 1 ? "error" : "errors"}`;
    const { sign, done, failed } = wordings[this.#running.get(this.#stackUrn)?.step.op ?? "same"];
    const verdict = errors === 0 ? done && `${done} ${seconds(elapsed, true)}` : this.#style.error(`**${failed}**`);
    this.#row(sign, this.#stackUrn, verdict, count);
    this.#block("Diagnostics:", this.#summary.diagnostics(this.#style));
    if (this.#outputs !== undefined) {
      const outputs = viewOutputs(this.#outputs.before, this.#outputs.after, this.#style);
      if (outputs.length > 0) this.#block("Outputs:", [...outputs, ""]);
    }
    this.#block("Resources:", [...this.#summary.resources(this.#isPreview, this.#style), ""]);
    if (!this.#isPreview) this.#lines([`Duration: ${Math.max(1, Math.round(elapsed))}s`]);
  }

  #block(title: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#lines([this.#style.heading(title), ...lines]);
  }

  #row(sign: string, urn: string, ...parts: readonly (string | undefined)[]): void {
    this.#write(row(this.#style, sign, urn, ...parts));
  }

  #lines(lines: readonly string[]): void {
    for (const line of lines) this.#write(line);
  }
}

function diffOf({ diff }: StepEvent): string | undefined {
  return diff === undefined || diff === "" ? undefined : `[diff: ${diff}]`;
}
