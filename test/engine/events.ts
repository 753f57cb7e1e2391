import { appendFileSync } from "node:fs";
import { isSecret, mapChildren, type PropertyMap, type PropertyValue } from "./values";

/** What happens to one resource. */
export type StepOp =
  "same" | "create" | "update" | "create-replacement" | "replace" | "delete-replaced" | "delete" | "refresh";

/** How a run ended. */
export type RunStatus = "succeeded" | "failed" | "canceled";

/** One thing that a person or a test may want to know about a run. */
export type EngineEvent =
  | { type: "start"; command: string; preview: boolean; stackUrn: string }
  | {
      type: "step";
      phase: "started" | "done" | "failed";
      op: StepOp;
      urn: string;
      /** Which inputs differ, `+` added, `-` removed, `~` changed: `+a~b,c`. */
      diff?: string;
      /** What a refresh found. */
      found?: "unchanged" | "updated" | "deleted";
      seconds?: number;
    }
  | { type: "log"; urn: string; severity: "info" | "warning" | "error"; message: string; ephemeral: boolean }
  /** A provider plugin runs under this process id. */
  | { type: "plugin"; pid: number }
  /** `Cancel` is sent to the plugins: on an interrupt, and at every end. */
  | { type: "cancel"; cause: "interrupt" | "end" }
  | { type: "interrupt"; signal: "SIGINT" | "SIGTERM"; terminates: boolean }
  | { type: "outputs"; before: PropertyMap | undefined; after: PropertyMap }
  | { type: "result"; status: RunStatus; seconds: number };

/** Tells every listener about what happens; a listener may report, never steer. */
export class Events {
  readonly #listeners: ((event: EngineEvent) => void)[] = [];

  listen(listener: (event: EngineEvent) => void): void {
    this.#listeners.push(listener);
  }

  emit(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** Writes each event as one JSON line, at once, so that a test can follow a run that is under way; without secrets. */
export function writeEventsTo(file: string): (event: EngineEvent) => void {
  return (event) => {
    const shown = maskSecrets({ at: new Date().toISOString(), ...event } as PropertyMap);
    appendFileSync(file, `${JSON.stringify(shown)}\n`);
  };
}

function maskSecrets(value: PropertyValue): PropertyValue {
  return isSecret(value) ? "[secret]" : mapChildren(value, maskSecrets);
}
