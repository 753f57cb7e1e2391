import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { LifecycleContext, Properties } from "../../../provider/lifecycle/context";
import { Ledger } from "../../../provider/lifecycle/ledger";
import { read } from "../../../provider/lifecycle/read";
import { type Kept, runRequest } from "../../../provider/lifecycle/runRequest";
import { Sessions } from "../../../provider/lifecycle/sessions";
import { SimulatorAdministration } from "../../../provider/simulator";
import { LineLog } from "../../support/callLog";
import { urn } from "../../support/fakeStack";

const names = Array.from({ length: 40 }, (_, index) => `vm${index}`);

/** Every class that one look at a host reads. */
const classes = [
  "Msvm_ReplicationService",
  "Msvm_ComputerSystem",
  "Msvm_ReplicationRelationship",
  "Msvm_ReplicationSettingData",
  "Msvm_ConcreteJob",
  "Msvm_AffectedJobElement",
];

let folder: string;
let scenario: string;
let host: SimulatorAdministration;
let sessions: Sessions;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "many-vms-"));
  scenario = path.join(folder, "host.json");
  const machines = names.map((name) => ({ name, state: "replicating" }));
  writeFileSync(scenario, JSON.stringify({ name: "HV01", machines }));
  host = SimulatorAdministration.open(scenario);
  sessions = new Sessions("linux");
});

afterEach(async () => {
  await sessions.closeAll();
  rmSync(folder, { recursive: true, force: true });
});

/** The plugin process that all resources share. */
function context(): LifecycleContext {
  return {
    sources: { config: () => undefined, environment: {}, platform: "linux" },
    stopSignal: new AbortController().signal,
    ledger: new Ledger(),
    progressFor: () => new LineLog(),
    openSession: (connection) => sessions.get(connection),
    newRequestId: () => "request",
    announced: new Set(),
  };
}

function inputsOf(vm: string): Properties {
  return { vm, connection: { scenario }, __provider: "text", __urn: `${urn}-${vm}` };
}

async function createAll(): Promise<readonly Kept[]> {
  const shared = context();
  return Promise.all(names.map(async (name) => runRequest(inputsOf(name), shared)));
}

/** How often each class was enumerated, and every other operation called, after a line of the journal. */
async function enumerationsSince(line: number): Promise<{ counts: readonly number[]; others: readonly string[] }> {
  const operations = (await host.readJournal()).slice(line).map(({ operation }) => operation);
  const wanted = classes.map((name) => `Enumerate ${name}`);
  return {
    counts: wanted.map((one) => operations.filter((operation) => operation === one).length),
    others: operations.filter((operation) => !wanted.includes(operation)),
  };
}

test("forty healthy VMs of one host that are created at once cost at most three enumerations of each class", async () => {
  const kept = await createAll();
  expect(kept.map(({ outs }) => [outs.vmName, outs.outcome])).toEqual(names.map((name) => [name, "skipped"]));
  const { counts, others } = await enumerationsSince(0);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...counts)).toBeLessThanOrEqual(3);
  expect(others).toEqual([]);
});

test("a refresh of forty VMs of one host costs at most two enumerations of each class", async () => {
  const kept = await createAll();
  const before = (await host.readJournal()).length;
  await host.breakMachine("vm7");
  const shared = context();
  const fresh = await Promise.all(kept.map(async ({ id, outs }) => read(id, outs, shared)));
  const required = fresh.filter(({ props }) => (props.replication as Properties).state === "resynchronizationRequired");
  expect(required.map(({ props }) => props.vmName)).toEqual(["vm7"]);
  const { counts, others } = await enumerationsSince(before);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...counts)).toBeLessThanOrEqual(2);
  // Only the VM that is not well is asked why.
  expect(others.filter((operation) => !operation.startsWith("Get Msvm_"))).toEqual(["GetReplicationStatisticsEx"]);
});
