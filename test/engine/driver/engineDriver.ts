/** A Pulumi project under test. */
export interface ProjectUnderTest {
  /** Folder of `Pulumi.yaml`. */
  readonly directory: string;
  /** @defaultValue "dev" */
  readonly stack?: string;
  /** Laid over this process's environment for every run. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What can be asked of a run. */
export interface RunSettings {
  /** Read everything again first. */
  readonly refresh?: boolean;
  /** With `refresh`: run the program. */
  readonly runProgram?: boolean;
  /** How many steps run at a time. */
  readonly parallel?: number;
  /** Laid over the project's environment for this run. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments that only this engine knows. */
  readonly extraArguments?: readonly string[];
}

/** How a run ended. */
export interface RunResult {
  readonly exitCode: number;
  /** What a person saw, standard output and error together. */
  readonly output: string;
  readonly seconds: number;
}

/** State in the shape of `pulumi stack export`, as far as tests look at it. */
export interface ExportedState {
  readonly deployment: {
    readonly resources?: readonly ExportedResource[];
    readonly pending_operations?: readonly { readonly type: string; readonly resource: ExportedResource }[];
  };
}

/** One resource of {@link ExportedState}. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly delete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly initErrors?: readonly string[];
}

export type RunCommand = "up" | "preview" | "refresh" | "destroy";

/** A run that may still be under way. */
export interface EngineRun {
  readonly result: Promise<RunResult>;
  /** Resolves when a line that matches has been printed. @throws Error when the run ends, or takes too long, without it. */
  waitForLine(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Process id of the provider plugin, as soon as it runs. */
  pluginPid(): Promise<number>;
  /** What Ctrl-C does: SIGINT to the engine alone. Not on Windows. */
  interrupt(): void;
  /** SIGTERM to the engine alone. Not on Windows. */
  terminate(): void;
  /** Kills the engine alone, as a crash does; its plugin may live on until {@link EngineDriver.dispose}. */
  kill(): void;
}

/** One stack of one project, driven by one engine. */
export interface EngineDriver {
  start(command: RunCommand, settings?: RunSettings): EngineRun;
  up(settings?: RunSettings): Promise<RunResult>;
  preview(settings?: RunSettings): Promise<RunResult>;
  refresh(settings?: RunSettings): Promise<RunResult>;
  destroy(settings?: RunSettings): Promise<RunResult>;
  /** A value of the stack's configuration for the runs to come. */
  setConfig(key: string, value: string, options?: { readonly secret?: boolean }): Promise<void>;
  /** Unlocks the stack. */
  cancel(): Promise<RunResult>;
  exportState(options?: { readonly showSecrets?: boolean }): Promise<ExportedState>;
  /** Ends what still runs and removes what was written. */
  dispose(): Promise<void>;
}

/** An engine that tests can be run on. */
export interface Engine {
  readonly name: "built-in engine" | "pulumi CLI";
  /** The built-in engine always is. */
  readonly isAvailable: boolean;
  open(project: ProjectUnderTest): Promise<EngineDriver>;
}
