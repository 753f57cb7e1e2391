import type { DefaultProvider } from "./defaultProvider";
import type { Events, StepOp } from "./events";
import type { Halt } from "./halt";
import type { Limiter } from "./limiter";
import type { Project, StackConfig } from "./project";
import type { PendingOperation, Snapshot } from "./state";
import type { StackIdentity } from "./urn";
import type { Wire } from "./wire";

/** All that the parts of one run share. */
export interface Deployment {
  readonly project: Project;
  readonly identity: StackIdentity;
  readonly stackUrn: string;
  readonly config: StackConfig;
  /** Nothing is changed; the plugin is asked about differences only. */
  readonly isPreview: boolean;
  /** How many steps run at a time. */
  readonly parallel: number;
  readonly limiter: Limiter;
  readonly snapshot: Snapshot;
  readonly events: Events;
  readonly wire: Wire;
  readonly halt: Halt;
  readonly provider: DefaultProvider;
}

/** Reports what went wrong with a resource; nothing new starts after it. */
export function fail(deployment: Deployment, urn: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  deployment.events.emit({ type: "log", urn, severity: "error", message, ephemeral: false });
  deployment.halt.call("failed");
}

/** After an interrupt it is the interrupt that ends the run, and it is reported as that. */
function reportEarlyEnd({ events, halt, stackUrn }: Deployment): void {
  if (halt.reason !== "failed") return;
  events.emit({ type: "log", urn: stackUrn, severity: "error", message: "update failed", ephemeral: false });
}

/** One step of the plan. */
export interface Step {
  readonly op: StepOp;
  readonly urn: string;
  readonly diff?: string;
  /** Noted in the state before anybody hears of the step, for as long as the plugin has not answered. */
  readonly pending?: PendingOperation | undefined;
}

/**
 * Runs one step of the plan, when its turn has come and nothing has failed until then: reports its start and its end.
 * Resolves to nothing when the step did not run or failed.
 */
export async function runStep<T>(
  deployment: Deployment,
  { pending, ...step }: Step,
  work: (answered: () => void) => Promise<T>,
  report: (result: T) => { readonly found?: "unchanged" | "updated" | "deleted"; readonly diff?: string } = () => ({}),
): Promise<T | undefined> {
  const { events, halt, limiter, isPreview, snapshot } = deployment;
  return await halt.track(() =>
    limiter.run(async () => {
      if (halt.reason !== undefined) return undefined;
      const startedAt = performance.now();
      const seconds = (): number => (performance.now() - startedAt) / 1_000;
      try {
        const answered = pending === undefined ? (): void => undefined : snapshot.begin(pending);
        if (!isPreview) events.emit({ type: "step", phase: "started", ...step });
        const result = await work(answered);
        events.emit({ type: "step", phase: "done", ...step, seconds: seconds(), ...report(result) });
        return result;
      } catch (error) {
        if (halt.isAbandoned) return undefined;
        fail(deployment, step.urn, error);
        events.emit({ type: "step", phase: "failed", ...step, seconds: seconds() });
        reportEarlyEnd(deployment);
        return undefined;
      }
    }),
  );
}
