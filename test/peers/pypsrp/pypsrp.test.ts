import { spawn, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CertificateWithKey, makeCertificate } from "../../../provider/simulator/server/selfSigned";
import { closeLabs, machine, machineId, openLab, type OpenedLab } from "../../unit/simulator/server/doorLab";

const python = process.env["HYPERV_REPLICA_TEST_PYTHON"] ?? "python3";
const hasPypsrp = spawnSync(python, ["-c", "import pypsrp.wsman"]).status === 0;
const withPypsrp = hasPypsrp ? test : test.skip;

const folder = mkdtempSync(join(tmpdir(), "pypsrp-peer-"));
afterEach(closeLabs);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let certificate: CertificateWithKey;
let client: CertificateWithKey;
beforeAll(async () => {
  certificate = await makeCertificate(["localhost", "127.0.0.1"], Date.now());
  client = await makeCertificate(["operator"], Date.now());
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What the peer's steps gave. */
async function ask({ door }: OpenedLab, options: object, steps: readonly object[]): Promise<unknown[]> {
  const peer = spawn(python, [join(__dirname, "peer.py")], { env: { ...process.env, NO_PROXY: "*", no_proxy: "*" } });
  const request = {
    options: { server: "127.0.0.1", port: door.port, username: "operator", password: "simulated", ...options },
    steps,
  };
  peer.stdin.end(JSON.stringify(request));
  let [output, errors] = ["", ""];
  peer.stdout.on("data", (text: Buffer) => (output += text.toString()));
  peer.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  await new Promise((resolve) => peer.on("close", resolve));
  if (output === "") throw new Error(`the peer printed nothing: ${errors}`);
  return JSON.parse(output) as unknown[];
}

const names = ["web01", 'it\'s "quoted" ]]>&<x>', "back\\slash 仮想"];
const machines = [machine, ...names.slice(1).map((name) => ({ name }))];
const steps = [
  { read: "Msvm_ComputerSystem" },
  { read: "Msvm_ComputerSystem", max: 2 },
  { query: "SELECT * FROM Msvm_ComputerSystem WHERE ElementName = 'back\\\\slash 仮想'", property: "ElementName" },
  { resynchronize: machineId },
  { query: "SELECT * FROM Msvm_ConcreteJob WHERE JobType = 107", property: "InstanceID" },
];

async function expectWork(lab: OpenedLab, options: object): Promise<void> {
  const results = await ask(lab, options, steps);
  const journal = await lab.administration.readJournal();
  const call = journal.find(({ operation }) => operation === "Resynchronize");
  expect(call).toMatchObject({ machine: "web01", returnValue: 4096, jobId: expect.any(String) as unknown });
  expect(results).toEqual([
    ["HV01", ...names],
    ["HV01", ...names],
    [names[2]],
    { returnValue: 4096, jobId: call?.jobId },
    [call?.jobId],
  ]);
}

const tls = () => ({ ssl: true, cert_validation: file("ca.pem", certificate.cert) });

withPypsrp("pypsrp reads and resynchronizes with Basic over TLS", async () => {
  await expectWork(await openLab({ machines }, { certificate, allowsUnencrypted: false }), { ...tls(), auth: "basic" });
});

withPypsrp(
  "pypsrp reads and resynchronizes with NTLM and encrypted messages over HTTP, on one connection",
  async () => {
    const lab = await openLab({ machines }, { allowsUnencrypted: false });
    await expectWork(lab, { ssl: false, auth: "ntlm" });
    expect(new Set((await lab.administration.readJournal()).map(({ connection }) => connection)).size).toBe(1);
  },
);

withPypsrp("pypsrp reads and resynchronizes with NTLM over TLS, bound to the channel", async () => {
  const lab = await openLab({ machines, wsman: { channelBinding: "strict" } }, { certificate });
  await expectWork(lab, { ...tls(), auth: "ntlm" });
});

withPypsrp("pypsrp reads and resynchronizes with NTLM and encrypted messages over TLS", async () => {
  await expectWork(await openLab({ machines }, { certificate }), { ...tls(), auth: "ntlm", encryption: "always" });
});

withPypsrp("pypsrp reads and resynchronizes with a certificate", async () => {
  const thumbprint = new X509Certificate(client.cert).fingerprint.replaceAll(":", "");
  const lab = await openLab({ machines, wsman: { certificates: [{ thumbprint, user: "operator" }] } }, { certificate });
  await expectWork(lab, {
    ...tls(),
    auth: "certificate",
    certificate_pem: file("client.pem", client.cert),
    certificate_key_pem: file("client.key", client.key),
  });
});

const readOnce = [{ read: "Msvm_ReplicationService" }];

withPypsrp("NTLM without channel binding is refused where the host requires it, and accepted elsewhere", async () => {
  const options = { ...tls(), auth: "ntlm", negotiate_send_cbt: false };
  const strict = await openLab({ wsman: { channelBinding: "strict" } }, { certificate });
  expect(await ask(strict, options, readOnce)).toMatchObject([{ error: "AuthenticationError" }]);
  expect(await ask(await openLab({}, { certificate }), options, readOnce)).toEqual([["Hyper-V Replica Service"]]);
});

withPypsrp("a wrong password is refused", async () => {
  const lab = await openLab({}, { allowsUnencrypted: false });
  const options = { ssl: false, auth: "ntlm", password: "wrong" };
  expect(await ask(lab, options, readOnce)).toMatchObject([{ error: "AuthenticationError" }]);
});

withPypsrp("Basic and plain messages over HTTP are refused with 500", async () => {
  const lab = await openLab({}, { allowsUnencrypted: false });
  const refused = [{ error: "WinRMTransportError", code: 500, text: "" }];
  expect(await ask(lab, { ssl: false, auth: "basic", encryption: "never" }, readOnce)).toEqual(refused);
  expect(await ask(lab, { ssl: false, auth: "ntlm", encryption: "never" }, readOnce)).toEqual(refused);
});

withPypsrp("a fault is encrypted like any reply", async () => {
  const lab = await openLab({}, { allowsUnencrypted: false });
  const [fault, ...others] = await ask(lab, { ssl: false, auth: "ntlm" }, [{ read: "Msvm_Nothing" }, ...readOnce]);
  expect(fault).toMatchObject({ error: "WSManFaultError", code: 0x8033_8000 });
  expect(others).toEqual([["Hyper-V Replica Service"]]);
});

withPypsrp("a message that was encrypted before a 401 in the middle is not accepted after it", async () => {
  const lab = await openLab({}, { allowsUnencrypted: false });
  lab.door.breakReply({ operation: "Resynchronize", kind: "unauthorized" });
  // This client authenticates again, and sends what it had encrypted with the keys from before.
  const [read, call] = await ask(lab, { ssl: false, auth: "ntlm" }, [...readOnce, { resynchronize: machineId }]);
  expect(read).toEqual(["Hyper-V Replica Service"]);
  expect(call).toMatchObject({ error: "WinRMTransportError", code: 400 });
  expect((await lab.administration.readJournal()).map(({ operation }) => operation)).not.toContain("Resynchronize");
});
