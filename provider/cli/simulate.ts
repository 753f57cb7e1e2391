import { resolve } from "node:path";
import { SimulatedHost, SimulatorError } from "../simulator/forDoors";
import type { CertificateWithKey } from "../simulator/server/selfSigned";
import { WsmanDoor } from "../simulator/server/wsmanDoor";
import type { SimulateArguments } from "./arguments";
import { CommandError, type Output } from "./command";
import { doorCertificate } from "./doorCertificate";

/**
 * Opens the simulated host's WS-Management door and says what it serves, the address first.
 * @throws CommandError
 */
export async function simulate(options: SimulateArguments, output: Output): Promise<WsmanDoor> {
  const host = openHost(options.scenario);
  const certificate = options.tls ? await doorCertificate(options, host.name) : undefined;
  const door = await openDoor(host, options, certificate?.pair, output);
  for (const line of [door.url, ...descriptionOf(host, options), ...(certificate?.lines ?? [])]) output.out(line);
  return door;
}

function openHost(scenario: string): SimulatedHost {
  try {
    return SimulatedHost.open(scenario);
  } catch (error) {
    if (error instanceof SimulatorError) throw new CommandError(error.message, { cause: error });
    throw error;
  }
}

async function openDoor(
  host: SimulatedHost,
  { host: address, port, allowBasic }: SimulateArguments,
  certificate: CertificateWithKey | undefined,
  { error: say }: Output,
): Promise<WsmanDoor> {
  try {
    return await WsmanDoor.open(host, {
      address,
      port,
      ...(certificate !== undefined && { certificate }),
      allowsUnencrypted: allowBasic,
      onError: (error) => {
        say(`a request could not be answered: ${messageOf(error)}`);
      },
    });
  } catch (error) {
    throw new CommandError(`cannot listen on ${address}, port ${port}: ${reasonOf(error)}`, { cause: error });
  }
}

function descriptionOf(host: SimulatedHost, { scenario, tls, allowBasic }: SimulateArguments): string[] {
  const ways = tls ? "Basic, NTLM, client certificates" : allowBasic ? "Basic, NTLM" : "NTLM with encrypted messages";
  return [
    `Simulated Hyper-V host ${host.name}, described by ${resolve(scenario)}.`,
    `Authenticate as one of its accounts, such as "${host.consoleUser}": ${ways}.`,
  ];
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "something else listens there; choose another --port",
  EACCES: "not allowed; ports below 1024 may need more rights",
  EADDRNOTAVAIL: "this computer does not have this address",
  ENOTFOUND: "there is no such name",
};

function reasonOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  return reasons[code] ?? messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
