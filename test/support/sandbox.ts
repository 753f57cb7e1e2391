import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type JournalLine, type ScenarioInput, SimulatorAdministration } from "pulumi-hyperv-replica/simulator";
import {
  type Engine,
  type EngineDriver,
  type EngineRun,
  type ExportedResource,
  type RunCommand,
  type RunResult,
  type RunSettings,
} from "../engine/driver/engineDriver";

const root = path.join(__dirname, "..", "..");
const program = path.join(root, "test", "fixtures", "programs", "resources");

/** A resource for the program to register. */
export interface ResourceUnderTest {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly opts?: Readonly<Record<string, unknown>>;
  readonly secretTrigger?: string;
}

/** A Pulumi project with its own stack and simulated host, in a folder that is removed with it. */
export class Sandbox {
  readonly folder: string;
  readonly scenario: string;
  readonly host: SimulatorAdministration;
  readonly driver: EngineDriver;
  #resources: readonly ResourceUnderTest[] = [];

  private constructor(folder: string, scenario: string, driver: EngineDriver) {
    this.folder = folder;
    this.scenario = scenario;
    this.host = SimulatorAdministration.open(scenario);
    this.driver = driver;
  }

  static async open(engine: Engine, scenario: ScenarioInput): Promise<Sandbox> {
    // Below the repository, so that the program finds the package and the SDK as an installed one does.
    const folder = path.join(root, ".build", `sandbox-${randomBytes(6).toString("hex")}`);
    mkdirSync(folder, { recursive: true });
    cpSync(program, folder, { recursive: true });
    const file = path.join(folder, "host.json");
    writeFileSync(file, JSON.stringify(scenario));
    return new Sandbox(folder, file, await engine.open({ directory: folder }));
  }

  /** The connection to the simulated host, as the program gives it. */
  get connection(): { transport: "simulator"; scenario: string } {
    return { transport: "simulator", scenario: "host.json" };
  }

  /** Another simulated host, described by a file of this name; removed with the sandbox. */
  addHost(file: string, scenario: ScenarioInput): SimulatorAdministration {
    const target = path.join(this.folder, file);
    writeFileSync(target, JSON.stringify(scenario));
    return SimulatorAdministration.open(target);
  }

  /** Sets what the program registers from now on; the connection is added where there is none. */
  register(...resources: readonly ResourceUnderTest[]): void {
    this.#resources = resources.map(({ args, ...resource }) => ({
      ...resource,
      args: { connection: this.connection, ...args },
    }));
  }

  start(command: RunCommand, settings: RunSettings = {}): EngineRun {
    const env = { CI: "", RESOURCES: JSON.stringify(this.#resources), ...settings.env };
    return this.driver.start(command, { ...settings, env });
  }

  async run(command: RunCommand, settings: RunSettings = {}): Promise<RunResult> {
    return this.start(command, settings).result;
  }

  /** Like {@link run}, and the run has to end well. */
  async succeed(command: RunCommand, settings: RunSettings = {}): Promise<RunResult> {
    const result = await this.run(command, settings);
    if (result.exitCode !== 0) throw new Error(`${command} ended with ${result.exitCode}:\n${result.output}`);
    return result;
  }

  /** The journal's lines of one operation. */
  async calls(operation = "Resynchronize"): Promise<readonly JournalLine[]> {
    return (await this.host.readJournal()).filter((line) => line.operation === operation);
  }

  async journalLength(): Promise<number> {
    return (await this.host.readJournal()).length;
  }

  /** The resource of that name in the state, if there is one. */
  async resource(
    name: string,
    options: { readonly showSecrets?: boolean } = {},
  ): Promise<ExportedResource | undefined> {
    const { deployment } = await this.driver.exportState(options);
    return deployment.resources?.find((resource) => resource.urn.endsWith(`::${name}`));
  }

  /** The outputs of all resources but the stack's own, by name: one look at the state for all of them. */
  async allOutputs(): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
    const { resources = [] } = (await this.driver.exportState()).deployment;
    const dynamic = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic"));
    return new Map(dynamic.map(({ urn, outputs = {} }) => [urn.slice(urn.lastIndexOf("::") + 2), outputs]));
  }

  /** The outputs of the resource of that name. */
  async outputs(name: string): Promise<Readonly<Record<string, unknown>>> {
    const resource = await this.resource(name);
    if (resource?.outputs === undefined) throw new Error(`${name} is not in the state`);
    return resource.outputs;
  }

  async dispose(): Promise<void> {
    await this.driver.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One VM that requires a resynchronization, on a host whose clock is `speed` times as fast. */
export function hostInState9(resync: Readonly<Record<string, unknown>> = { seconds: 600 }, speed = 20): ScenarioInput {
  return {
    name: "HV01",
    clock: { speed },
    machines: [{ name: "web01", mode: "primary", state: "resynchronizationRequired", resync }],
  };
}
