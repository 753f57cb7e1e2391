import { NodeProcess } from "./childProcess";
import { fail, type Deployment } from "./deployment";
import { Monitor } from "./monitor";
import { Registrations } from "./registrations";
import { deleteAll } from "./deletions";
import { UnsupportedError } from "./refusals";
import type { WireMessage } from "./wire";

/** The SDK has told the user already what went wrong. Source: `@pulumi/pulumi/cmd/run/index.js`. */
const exitedAfterReporting = 32;
const organization = "organization";

/**
 * Runs the program and does what it asks for; what it no longer registers is deleted once it is through.
 *
 * @param refreshOnly - read again what it registers, change nothing.
 */
export async function runProgram(d: Deployment, engineAddress: string, refreshOnly: boolean): Promise<void> {
  const registrations = new Registrations(d, refreshOnly);
  let finished: Promise<void> | undefined;
  const finish = (): Promise<void> => (finished ??= finishWith(d, refreshOnly));
  const monitor = new Monitor(d, registrations, finish);
  const monitorAddress = await monitor.open();
  d.wire.request("LanguageRuntime/Run", shownRun(d, monitorAddress));
  const program = new NodeProcess("@pulumi/pulumi/cmd/run", programArguments(d, monitorAddress, engineAddress), {
    directory: d.project.programDirectory,
    env: programEnvironment(d),
    onLine: (message) => {
      d.events.emit({ type: "log", urn: d.stackUrn, severity: "info", message, ephemeral: false });
    },
  });
  try {
    const code = await Promise.race([program.exited, d.halt.reached]);
    if (code === undefined) await stop(d, monitor, program);
    else if (code === 0) await finish();
    else failWith(d, code);
    await d.halt.settled();
    if (code === 0) d.wire.response("LanguageRuntime/Run", {});
  } finally {
    monitor.shut();
    await program.stop();
  }
}

/** Ends a run early. The plugin hears of a failure before the program does, but only when nothing is under way. */
async function stop(d: Deployment, monitor: Monitor, program: NodeProcess): Promise<void> {
  const method = "LanguageRuntime/Run";
  if (d.halt.reason === "failed") {
    await Promise.race([d.halt.settled(), d.halt.canceled]);
  }
  if (d.halt.reason === "canceled") {
    await program.stop();
    d.wire.response(method, { error: "Program exited with non-zero exit code: -1" });
    return;
  }
  monitor.shut();
  await d.provider.sayGoodbye(d.events);
  await program.stop();
  d.wire.failure(method, { code: 1, details: "grpc: the client connection is closing" });
}

async function finishWith(d: Deployment, refreshOnly: boolean): Promise<void> {
  await d.halt.settled();
  if (d.halt.reason !== undefined) return;
  const unregistered = d.snapshot.unsettled;
  if (refreshOnly) {
    if (unregistered.length > 0)
      fail(
        d,
        d.stackUrn,
        new UnsupportedError("`refresh --run-program` of a program that registers less than the state holds"),
      );
    return;
  }
  await deleteAll(d, unregistered);
}

function failWith(d: Deployment, code: number): void {
  if (code === exitedAfterReporting) d.halt.call("failed");
  else fail(d, d.stackUrn, new Error(`an unhandled error occurred: Program exited with non-zero exit code: ${code}`));
  d.wire.response("LanguageRuntime/Run", { error: `Program exited with non-zero exit code: ${code}` });
}

function programArguments(d: Deployment, monitorAddress: string, engineAddress: string): string[] {
  const { project, identity, parallel, isPreview } = d;
  return [
    `--monitor=${monitorAddress}`,
    `--engine=${engineAddress}`,
    `--organization=${organization}`,
    `--project=${identity.project}`,
    `--stack=${identity.stack}`,
    `--root-directory=${project.rootDirectory}`,
    `--pwd=${project.programDirectory}`,
    ...(isPreview ? ["--dry-run"] : []),
    `--parallel=${parallel}`,
    project.entryPoint,
  ];
}

function programEnvironment({ project, config }: Deployment): NodeJS.ProcessEnv {
  const values = [...config.values].map(([key, value]) => [key.replace(":", ":config:"), value]);
  return {
    // Checking types takes longer than everything else in a run, and the project's own checks have done it.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(values)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify([...config.secretKeys]),
    PULUMI_NODEJS_TYPESCRIPT: String(project.typescript),
  };
}

function shownRun({ project, identity, config, parallel, isPreview }: Deployment, monitorAddress: string): WireMessage {
  const { rootDirectory, programDirectory, entryPoint, typescript } = project;
  return {
    ...identity,
    pwd: programDirectory,
    program: entryPoint,
    ...(config.values.size > 0 ? { config: Object.fromEntries(config.values) } : {}),
    dryRun: isPreview,
    parallel,
    monitorAddress,
    configSecretKeys: [...config.secretKeys],
    organization,
    info: { rootDirectory, programDirectory, entryPoint, options: { typescript } },
  };
}
