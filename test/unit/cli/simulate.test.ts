import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { dirname, join } from "node:path";
import type { SimulateArguments } from "../../../provider/cli/arguments";
import { simulate } from "../../../provider/cli/simulate";
import { CommandError } from "../../../provider/cli/command";
import { makeCertificate } from "../../../provider/simulator/server/selfSigned";
import type { WsmanDoor } from "../../../provider/simulator/server/wsmanDoor";
import { removeScenarioFiles, scenarioFile, scenarioOf, web01 } from "../simulator/lab";

const doors: WsmanDoor[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map(async (door) => door.close()));
  removeScenarioFiles();
});

/** What the command prints for these options. */
async function printed(options: Partial<SimulateArguments> = {}): Promise<{ lines: string[]; scenario: string }> {
  const scenario = options.scenario ?? scenarioFile(scenarioOf([web01]));
  const lines: string[] = [];
  const output = { out: (line: string) => lines.push(line), error: (line: string) => lines.push(`! ${line}`) };
  const defaults = { host: "127.0.0.1", port: 0, tls: false, allowBasic: false };
  doors.push(await simulate({ ...defaults, ...options, scenario }, output));
  return { lines, scenario };
}

test("the first line is the address, then what is served and how to authenticate", async () => {
  const { lines, scenario } = await printed();
  expect(lines).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/wsman$/),
    `Simulated Hyper-V host HV01, described by ${scenario}.`,
    'Authenticate as one of its accounts, such as "operator": NTLM with encrypted messages.',
  ]);
});

test("with TLS the certificate lies beside the scenario, for its names and addresses, and its thumbprint is told", async () => {
  const { lines, scenario } = await printed({ tls: true });
  expect(lines[0]).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/wsman$/);
  const path = scenario.replace(/\.json$/, ".certificate.pem");
  const certificate = new X509Certificate(readFileSync(path));
  expect(lines.slice(3)).toEqual([
    `Certificate for clients to trust: ${path}`,
    `Thumbprint (SHA-1): ${certificate.fingerprint.replaceAll(":", "")}`,
  ]);
  expect(certificate.checkHost("HV01")).toBeDefined();
  expect(certificate.checkIP("127.0.0.1")).toBeDefined();
});

test("a certificate of one's own is served", async () => {
  const scenario = scenarioFile(scenarioOf([web01]));
  const pair = await makeCertificate(["own"], Date.now());
  const [cert, key] = (["cert", "key"] as const).map((name) => {
    const path = join(dirname(scenario), `${name}.pem`);
    writeFileSync(path, pair[name]);
    return path;
  });
  const { lines } = await printed({ scenario, tls: true, certificate: { cert: cert ?? "", key: key ?? "" } });
  expect(lines.at(-1)).toContain(new X509Certificate(pair.cert).fingerprint.replaceAll(":", ""));
  await expect(printed({ scenario, tls: true, certificate: { cert: key ?? "", key: cert ?? "" } })).rejects.toThrow(
    /the certificate and its key cannot be used/,
  );
  await expect(printed({ scenario, tls: true, certificate: { cert: `${cert}x`, key: key ?? "" } })).rejects.toThrow(
    /cannot read the certificate .*cert\.pemx/,
  );
});

test("a scenario that is not there, or is not valid, is told", async () => {
  await expect(printed({ scenario: "/nowhere/lab.json" })).rejects.toThrow(CommandError);
  await expect(printed({ scenario: scenarioFile('{ "nam": "HV01" }') })).rejects.toThrow(/did you mean "name"\?/);
});

test("a port that is taken is told", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const place = other.address();
  const port = typeof place === "object" && place !== null ? place.port : 0;
  await expect(printed({ port })).rejects.toThrow(
    `cannot listen on 127.0.0.1, port ${port}: something else listens there; choose another --port`,
  );
  other.close();
});

test("an address that this computer does not have is told", async () => {
  await expect(printed({ host: "192.0.2.1" })).rejects.toThrow(/this computer does not have this address/);
});

const hasIpv6 = Object.values(networkInterfaces()).some((own) => own?.some(({ address }) => address === "::1"));
(hasIpv6 ? test : test.skip)("IPv6 addresses are written in brackets", async () => {
  const { lines } = await printed({ host: "::1" });
  expect(lines[0]).toMatch(/^http:\/\/\[::1\]:\d+\/wsman$/);
});
