import type { ResolvedConnection } from "../../../provider/connection/defaults";
import type * as OpenHost from "../../../provider/connection/openHost";
import { removeScenarioFiles, scenarioFile } from "../simulator/lab";

type Folder = "transports/powershell" | "transports/wsman" | "simulator";

/** The folders of which something was loaded since the modules were forgotten. */
const loaded = new Set<Folder>();

/** Tells when the first module of a folder that opens a host is loaded. */
function watch(folder: Folder, module: string): void {
  jest.doMock(module, () => {
    loaded.add(folder);
    return jest.requireActual<object>(module);
  });
}

beforeEach(() => {
  jest.resetModules();
  loaded.clear();
  watch("transports/powershell", "../../../provider/transports/powershell/powershellHost");
  watch("transports/wsman", "../../../provider/transports/wsman/wsmanHost");
  watch("simulator", "../../../provider/simulator/client/simulatorHost");
});
afterAll(removeScenarioFiles);

const open = (connection: ResolvedConnection): OpenHost.OpenHost =>
  jest.requireActual<typeof OpenHost>("../../../provider/connection/openHost").openHost(connection, process.platform);

test.each<[Folder, () => ResolvedConnection, string]>([
  ["transports/powershell", () => ({ transport: "powershell", host: "hv01" }), "hv01"],
  [
    "transports/wsman",
    () => ({ transport: "wsman", host: "hv02", tls: true, auth: "negotiate", username: "a", password: "b" }),
    "hv02",
  ],
  ["simulator", () => ({ transport: "simulator", scenario: scenarioFile({ name: "HV03", machines: [] }) }), "HV03"],
])("a host of %s is opened without loading any other transport", async (folder, connectionOf, address) => {
  const connection = connectionOf();
  const { host } = open(connection);
  expect(host.address).toBe(address);
  expect([...loaded]).toEqual([folder]);
  await host.close();
});
