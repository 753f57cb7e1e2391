import { existsSync, readFileSync } from "node:fs";
import { SimulatorAdministration } from "../../provider/simulator";
import { openPowerShellHost } from "../../provider/transports/powershell/powershellHost";
import { failuresFile } from "../emulators/powershell/controlFile";
import { standIn } from "../emulators/powershell/standIn";
import { StandInPool } from "../emulators/powershell/standInPool";
import { removeScenarioFiles, scenarioFile } from "../unit/simulator/lab";
import { hostClock } from "./hostClock";
import { replicationHostContract } from "./replicationHostContract";

const controls: string[] = [];
// What becomes of a process is told by test/unit/transports/powershell/shellProcess.test.ts and test/plugin.
const standIns = new StandInPool();

afterAll(async () => {
  await standIns.dispose();
  const failures = controls.map(failuresFile).filter((path) => existsSync(path));
  expect(failures.map((path) => readFileSync(path, "utf8"))).toEqual([]);
  removeScenarioFiles();
});

replicationHostContract("PowerShell", async (scenario, credentials) => {
  const scenarioPath = scenarioFile(scenario);
  const { executable, environment, controlPath } = standIn({ scenario: scenarioPath });
  controls.push(controlPath);
  const { host } = openPowerShellHost(
    { host: scenario.name, executable, ...credentials },
    { environment, start: standIns.startFor(controlPath) },
  );
  return {
    host,
    clock: hostClock(scenarioPath),
    administration: SimulatorAdministration.open(scenarioPath),
    scenarioPath,
  };
});
