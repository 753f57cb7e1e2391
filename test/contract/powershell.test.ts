import { existsSync, readFileSync } from "node:fs";
import { SimulatedHost } from "../../provider/simulator/forDoors";
import { SimulatorAdministration } from "../../provider/simulator";
import { openPowerShellHost } from "../../provider/transports/powershell/powershellHost";
import { failuresFile } from "../emulators/powershell/controlFile";
import { standIn } from "../emulators/powershell/standIn";
import { removeScenarioFiles, scenarioFile } from "../unit/simulator/lab";
import { replicationHostContract } from "./replicationHostContract";

const controls: string[] = [];

afterAll(() => {
  const failures = controls.map(failuresFile).filter((path) => existsSync(path));
  expect(failures.map((path) => readFileSync(path, "utf8"))).toEqual([]);
  removeScenarioFiles();
});

replicationHostContract("PowerShell", async (scenario, credentials) => {
  const scenarioPath = scenarioFile(scenario);
  const { executable, environment, controlPath } = standIn({ scenario: scenarioPath });
  controls.push(controlPath);
  const { host } = openPowerShellHost({ host: scenario.name, executable, ...credentials }, { environment });
  return {
    host,
    // The transport itself has the machine's clock. The host's may be put forward at any time: every look is a new one.
    clock: {
      now: () => SimulatedHost.open(scenarioPath).now(),
      sleep: (delayMs, signal) => SimulatedHost.open(scenarioPath).sleep(delayMs, signal),
    },
    administration: SimulatorAdministration.open(scenarioPath),
    scenarioPath,
  };
});
