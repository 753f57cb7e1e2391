import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ScenarioInput, SimulatorAdministration } from "../../../provider/simulator";
import { type CertificateWithKey, makeCertificate } from "../../../provider/simulator/server/selfSigned";
import { WsmanDoor } from "../../../provider/simulator/server/wsmanDoor";
import { SimulatedHost } from "../../../provider/simulator/forDoors";
import type { WsmanConnection } from "../../../provider/transports/wsman/connection";
import { openWsmanHost } from "../../../provider/transports/wsman/wsmanHost";
import { Acceptor, type AcceptorSettings } from "./acceptor";
import { carryOut, type Client } from "./steps";

/** Health reasons of a VM: a reply of half a megabyte, nearly the largest that a host may send. */
export const healthReasons = Array.from({ length: 188 }, (_, index) => `${index} ${"ü".repeat(990)}`);
export const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";

const password = "behind the front";
const scenario: ScenarioInput = {
  name: "HV01",
  accounts: [{ user: "front", password }],
  // One reply after the other can be told apart by the time it was made.
  clock: { start: "2030-01-07T12:00:00Z", speed: 0 },
  machines: [{ name: "web01", id: vmId, state: "resynchronizationRequired", healthReasons }, { name: "web02" }],
};

const ends: (() => void | Promise<void>)[] = [];

/** Ends what a test has opened, the last one first. */
export async function closeStands(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}

/** A simulated host, and the front before it. */
export interface Stand {
  readonly acceptor: Acceptor;
  readonly administration: SimulatorAdministration;
  /** How the front is reached. */
  readonly place: Pick<WsmanConnection, "host" | "port" | "tls" | "caFile">;
}

export type StandSettings = Pick<AcceptorSettings, "schemes" | "everyRequest"> & {
  readonly tls: boolean;
  /** The front expects clients to bind to another certificate than the one it shows. */
  readonly isBoundToAnother?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
};

export async function openStand({
  tls,
  isBoundToAnother = false,
  environment = {},
  ...more
}: StandSettings): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), "peers-"));
  ends.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const scenarioPath = write("lab.json", JSON.stringify(scenario));
  const door = await WsmanDoor.open(SimulatedHost.open(scenarioPath), { allowsUnencrypted: true });
  ends.push(async () => door.close());
  const { cert, key } = await newCertificate();
  const secured = {
    certificate: write("host.pem", cert),
    key: write("host.key", key),
    ...(isBoundToAnother && { boundTo: write("other.pem", (await newCertificate()).cert) }),
  };
  const settings = { service: door.url, user: "front", password, ...(tls && secured), ...more };
  const acceptor = await Acceptor.start(settings, environment);
  ends.push(async () => acceptor.stop());
  const place = { host: "localhost", port: acceptor.port, tls, ...(tls && { caFile: secured.certificate }) };
  return { acceptor, administration: SimulatorAdministration.open(scenarioPath), place };
}

async function newCertificate(): Promise<CertificateWithKey> {
  return makeCertificate(["localhost"], Date.now());
}

/** A client in this process. */
export function openClient(connection: WsmanConnection): Client {
  const { host } = openWsmanHost(connection, { environment: {} });
  return keep({ ask: async (step) => carryOut(host, step), close: async () => host.close() });
}

/** Lets a client end with the test. */
export function keep(client: Client): Client {
  ends.push(async () => client.close());
  return client;
}
