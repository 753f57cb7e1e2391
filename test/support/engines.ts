import type { Engine } from "../engine/driver/engineDriver";
import { BuiltInDriver } from "../engine/driver/builtInDriver";
import { CliDriver, findCli } from "../engine/driver/cliDriver";

/** Both engines; the CLI is in the list even where there is none, so that its tests are seen to be skipped. */
export function engines(): readonly Engine[] {
  const cli = findCli();
  return [
    { name: "built-in engine", isAvailable: true, open: (project) => Promise.resolve(new BuiltInDriver(project)) },
    {
      name: "pulumi CLI",
      isAvailable: cli !== undefined,
      open: async (project) => await CliDriver.open(cli ?? "pulumi", project),
    },
  ];
}
