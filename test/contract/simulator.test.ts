import { SimulatorAdministration } from "../../provider/simulator";
import { openSimulatorHost } from "../../provider/transports/simulator/simulatorHost";
import { removeScenarioFiles, scenarioFile } from "../unit/simulator/lab";
import { replicationHostContract } from "./replicationHostContract";

afterAll(removeScenarioFiles);

replicationHostContract("the in-process door", async (scenario, credentials) => {
  const path = scenarioFile(scenario);
  return {
    ...openSimulatorHost({ scenario: path, ...credentials }),
    administration: SimulatorAdministration.open(path),
  };
});
