import { SimulatorAdministration } from "../../provider/simulator";
import { openSimulatorHost } from "../../provider/simulator/client/simulatorHost";
import { removeScenarioFiles, scenarioFile } from "../unit/simulator/lab";
import { replicationHostContract } from "./replicationHostContract";

afterAll(removeScenarioFiles);

replicationHostContract("the in-process door", async (scenario, credentials) => {
  const scenarioPath = scenarioFile(scenario);
  return {
    ...openSimulatorHost({ scenario: scenarioPath, ...credentials }),
    administration: SimulatorAdministration.open(scenarioPath),
    scenarioPath,
  };
});
