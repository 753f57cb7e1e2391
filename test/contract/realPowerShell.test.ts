import { delimiter, join } from "node:path";
import { SimulatorAdministration } from "../../provider/simulator";
import { openPowerShellHost } from "../../provider/transports/powershell/powershellHost";
import { removeScenarioFiles, scenarioFile } from "../unit/simulator/lab";
import { powerShellToTest } from "../peers/runner/powershell";
import { hostClock } from "./hostClock";
import { replicationHostContract } from "./replicationHostContract";

const executable = powerShellToTest();
const cimCmdlets = join(__dirname, "..", "emulators", "cimCmdlets");

afterAll(removeScenarioFiles);

if (executable === undefined) {
  test.skip("the scripts pass the whole contract under a real PowerShell, where one is found", () => undefined);
} else {
  replicationHostContract("a real PowerShell", async (scenario, credentials) => {
    const scenarioPath = scenarioFile(scenario);
    const environment = {
      ...process.env,
      HVR_CIM_SCENARIO: scenarioPath,
      HVR_CIM_NODE: process.execPath,
      PSModulePath: [cimCmdlets, process.env.PSModulePath].filter((one) => one !== undefined).join(delimiter),
    };
    const { host } = openPowerShellHost({ host: scenario.name, executable, ...credentials }, { environment });
    return {
      host,
      clock: hostClock(scenarioPath),
      administration: SimulatorAdministration.open(scenarioPath),
      scenarioPath,
    };
  });
}
