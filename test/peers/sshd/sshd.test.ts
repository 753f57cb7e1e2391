import { join } from "node:path";
import { SimulatorAdministration } from "../../../provider/simulator";
import type { ReplicationHost } from "../../../provider/core/host/ports";
import { openPowerShellHost } from "../../../provider/transports/powershell/powershellHost";
import type { PowerShellConnection } from "../../../provider/transports/powershell/ways";
import type { OpenDoor } from "../../contract/openDoor";
import { hostClock } from "../../contract/hostClock";
import { replicationHostContract } from "../../contract/replicationHostContract";
import { removeScenarioFiles, scenarioFile, scenarioOf, web01 } from "../../unit/simulator/lab";
import { powerShellToTest } from "../runner/powershell";
import { findProgram } from "../runner/programs";
import { SshServer } from "./sshServer";

// The PowerShell transport with protocol "ssh": a real PowerShell on the runner, the ssh of the computer, an OpenSSH server and
// a real PowerShell behind its subsystem, on top of the CIM cmdlets of a simulated host. It takes
// - PowerShell 7, on PATH or named by NODE_POWERSHELL,
// - OpenSSH with its server (Debian: openssh-server); nothing of it has to run, and no root is needed.

const executable = powerShellToTest();
const cimCmdlets = join(__dirname, "..", "..", "emulators", "cimCmdlets");
const isComplete = executable !== undefined && findProgram("sshd") !== undefined;

const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const servers: SshServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
afterAll(removeScenarioFiles);

async function startServer(scenarioPath: string): Promise<SshServer> {
  const server = await SshServer.start({
    command: `${executable ?? ""} -sshs -NoLogo -NoProfile`,
    environment: {
      HVR_CIM_SCENARIO: scenarioPath,
      HVR_CIM_NODE: process.execPath,
      PSModulePath: cimCmdlets,
    },
  });
  servers.push(server);
  return server;
}

function openClient(server: SshServer, more: Partial<PowerShellConnection> = {}): ReplicationHost {
  const { host, port, username, keyFile, path } = server;
  const connection = { protocol: "ssh", host, port, username, keyFile, executable, ...more } as const;
  return openPowerShellHost(connection, { environment: { ...process.env, PATH: path } }).host;
}

/** SSH has accounts of its own; whom the host takes its user for is the first account of the scenario. */
const openOverSsh: OpenDoor = async (scenario, credentials) => {
  const scenarioPath = scenarioFile(scenario);
  const server = await startServer(scenarioPath);
  const isKnown =
    credentials === undefined ||
    (scenario.accounts ?? []).some(
      ({ user, password }) => user === credentials.username && password === credentials.password,
    );
  return {
    host: openClient(server, isKnown ? {} : { keyFile: server.strangerKeyFile }),
    clock: hostClock(scenarioPath),
    administration: SimulatorAdministration.open(scenarioPath),
    scenarioPath,
  };
};

if (isComplete) replicationHostContract("PowerShell over a real sshd", openOverSsh, { refusedCode: "UNREACHABLE" });

const withSshd = isComplete ? test : test.skip;

withSshd.each<[string, (server: SshServer) => Partial<PowerShellConnection>]>([
  ["the server does not know the key", (server) => ({ keyFile: server.strangerKeyFile })],
  ["no server listens", () => ({ port: 1 })],
  ["the server has no such subsystem", () => ({ subsystem: "missing" })],
  [
    "the server is not the one that is known",
    (server) => {
      server.replaceKnownKey();
      return {};
    },
  ],
])("where %s, the host cannot be reached, and the error says what to check", async (_, change) => {
  const server = await startServer(scenarioFile(scenarioOf([web01])));
  const host = openClient(server, change(server));
  const error = await host.startResync({ vmId }, { signal: new AbortController().signal }).catch((one: unknown) => one);
  await host.close();
  expect(error).toMatchObject({
    code: "UNREACHABLE",
    effect: "none",
    message: expect.stringMatching(/PSSessionOpenFailed.*for SSH the key/) as string,
  });
});

withSshd("a key file that is not there is named, and nothing is sent", async () => {
  const server = await startServer(scenarioFile(scenarioOf([web01])));
  const keyFile = `${server.keyFile}-missing`;
  const host = openClient(server, { keyFile });
  const error = await host.startResync({ vmId }, { signal: new AbortController().signal }).catch((one: unknown) => one);
  await host.close();
  expect(error).toMatchObject({ effect: "none", message: expect.stringContaining(keyFile) as string });
});
