import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { SimulatedHost, SimulatorError } from "../simulator/forDoors";
import { type CertificateWithKey, makeCertificate } from "../simulator/server/tls/selfSigned";
import { WsmanDoor } from "../simulator/server/wsmanDoor";
import type { SimulateArguments } from "./arguments";

/** Something that keeps the command from its work, said for whoever started it. */
export class CommandError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommandError";
  }
}

/** Where a command writes. */
export interface Output {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

/**
 * Opens the simulated host's WS-Management door and says what it serves, the address first.
 * @throws CommandError
 */
export async function simulate(options: SimulateArguments, output: Output): Promise<WsmanDoor> {
  const host = openHost(options.scenario);
  const certificate = options.tls ? certificateFor(options, host) : undefined;
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
  const ways = tls ? "Basic, NTLM, client certificates" : allowBasic ? "Basic, NTLM" : "NTLM with sealed messages";
  return [
    `Simulated Hyper-V host ${host.name}, described by ${resolve(scenario)}.`,
    `Log on as one of its accounts, such as "${host.consoleUser}": ${ways}.`,
  ];
}

/** Clients check a certificate: theirs to trust is put beside the scenario. */
function certificateFor(
  { scenario, host: address, certificate }: SimulateArguments,
  { name }: SimulatedHost,
): { pair: CertificateWithKey; lines: string[] } {
  if (certificate !== undefined) {
    const pair = { cert: readPem("certificate", certificate.cert), key: readPem("key", certificate.key) };
    checkPair(pair);
    return { pair, lines: [thumbprintLine(pair.cert)] };
  }
  const names = [...new Set(["localhost", name, hostname(), "127.0.0.1", "::1", address])].filter(isCertifiable);
  const pair = makeCertificate(["localhost", ...names], Date.now());
  const path = join(dirname(resolve(scenario)), `${basename(scenario).replace(/\.json$/i, "")}.certificate.pem`);
  try {
    writeFileSync(path, pair.cert);
  } catch (cause) {
    throw new CommandError(`cannot write the certificate ${path}: ${messageOf(cause)}`, { cause });
  }
  return { pair, lines: [`Certificate for clients to trust: ${path}`, thumbprintLine(pair.cert)] };
}

/** Names of hosts may hold more than a certificate's names can. */
function isCertifiable(name: string): boolean {
  return /^[\w.:-]+$/.test(name);
}

function thumbprintLine(pem: string): string {
  return `Thumbprint (SHA-1): ${new X509Certificate(pem).fingerprint.replaceAll(":", "")}`;
}

function readPem(what: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CommandError(`cannot read the ${what} ${path}: ${messageOf(cause)}`, { cause });
  }
}

function checkPair(pair: CertificateWithKey): void {
  try {
    createSecureContext(pair);
    new X509Certificate(pair.cert);
  } catch (cause) {
    throw new CommandError(`the certificate and its key cannot be used: ${messageOf(cause)}`, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "something else listens there; choose another --port",
  EACCES: "not allowed; ports below 1024 may need more rights",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "there is no such name",
};

function reasonOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  return reasons[code] ?? messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
