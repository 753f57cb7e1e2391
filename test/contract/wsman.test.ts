import { SimulatorAdministration } from "../../provider/simulator";
import { WsmanDoor } from "../../provider/simulator/server/wsmanDoor";
import { SimulatedHost } from "../../provider/simulator/forDoors";
import { openWsmanHost } from "../../provider/transports/wsman/wsmanHost";
import { removeScenarioFiles, scenarioFile } from "../unit/simulator/lab";
import { hostClock } from "./hostClock";
import { replicationHostContract } from "./replicationHostContract";

const doors: WsmanDoor[] = [];

afterEach(async () => {
  for (const door of doors.splice(0)) await door.close();
});
afterAll(removeScenarioFiles);

replicationHostContract("WS-Management", async (scenario, credentials) => {
  const scenarioPath = scenarioFile(scenario);
  const simulated = SimulatedHost.open(scenarioPath);
  const door = await WsmanDoor.open(simulated);
  doors.push(door);
  const [account] = scenario.accounts ?? [];
  // Without an authentication there is no WS-Management: who names nobody is the first account.
  const { username, password } = credentials ?? {
    username: account?.user ?? "operator",
    password: account?.password ?? "simulated",
  };
  const { host } = openWsmanHost({
    host: "127.0.0.1",
    port: door.port,
    tls: false,
    auth: "negotiate",
    username,
    password,
  });
  return {
    host,
    clock: hostClock(scenarioPath),
    administration: SimulatorAdministration.open(scenarioPath),
    scenarioPath,
  };
});
