import type { Engine } from "../engine/driver/engineDriver";
import { BuiltInDriver } from "../engine/driver/builtInDriver";
import { CliDriver, findCli } from "../engine/driver/cliDriver";
import { isPeersRun } from "../peers/runner/isPeersRun";

/**
 * The engines of this run: the CLI in `npm run test:peers`, the built-in engine everywhere else. The CLI is in the list even
 * where it is not used, so that its tests are reported as skipped.
 */
export function engines(): readonly Engine[] {
  const cli = isPeersRun ? findCli() : undefined;
  const onCli: Engine = {
    name: "pulumi CLI",
    isAvailable: cli !== undefined,
    open: async (project) => await CliDriver.open(cli ?? "pulumi", project),
  };
  if (isPeersRun) return [onCli];
  return [
    { name: "built-in engine", isAvailable: true, open: (project) => Promise.resolve(new BuiltInDriver(project)) },
    onCli,
  ];
}
