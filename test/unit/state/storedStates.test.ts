import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ReplicaResyncError } from "../../../provider/core/errors";
import { hasEnded, outcomes, type Outcome } from "../../../provider/core/record/record";
import * as handlers from "../../../provider/lifecycle/index";
import type { Properties } from "../../../provider/lifecycle/context";
import * as verbs from "../../../provider/lifecycle/verbs";
import { echoedInputs, readState, schemaVersion } from "../../../provider/state/outputs";
import { lab, type Lab, type Scene } from "../../support/fakeHost";
import { type Plugin, plugin } from "../../support/fakeStack";

/** One resource of a stack's exported state. */
interface StoredResource {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties & { readonly outcome: Outcome; readonly vmId: string };
}

const folder = path.join(__dirname, "..", "..", "fixtures", "state");
const versions = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
);
const files = versions.flatMap((version) =>
  readdirSync(path.join(folder, version)).map((name) => `${version}/${name}`),
);

/** Whether an update is to be expected from a state whose program has not changed, by file without version. */
const isToGoOn: Readonly<Record<string, boolean>> = {
  "completed.json": false,
  "completed-extended.json": false,
  "skipped.json": false,
  "failed.json": true,
  "unknown.json": true,
  "cancelled.json": true,
  "scheduled.json": true,
  "started.json": true,
  "started-not-waited.json": false,
};
const toGoOn = files.filter((file) => isToGoOn[path.basename(file)]);
const atRest = files.filter((file) => !toGoOn.includes(file));

function load(file: string): StoredResource {
  return JSON.parse(readFileSync(path.join(folder, file), "utf8")) as StoredResource;
}

/** A plugin of today, and the host of the stored machine. */
function today({ outputs }: StoredResource, scene: Scene): Lab & { readonly plugin: Plugin } {
  const one = lab(outputs.vmId, { timeline: [[0, scene]] });
  return { ...one, plugin: plugin(one.host) };
}

/** The same resource as a version to come may leave it. */
function ofNewerVersion(file: string): StoredResource {
  const stored = load(file);
  const surprise = { surprise: { list: [1, null, "two"] }, outcome: "postponed" };
  return { ...stored, outputs: { ...stored.outputs, ...surprise, schemaVersion: schemaVersion + 1 } as never };
}

test("every version of the state has its recorded states", () => {
  const all = Array.from({ length: schemaVersion }, (_, index) => `v${index + 1}`);
  expect(versions.toSorted()).toEqual(all.toSorted());
});

test.each(versions)("%s has a recorded state for every outcome", (version) => {
  const recorded = files.filter((file) => file.startsWith(`${version}/`)).map((file) => load(file).outputs.outcome);
  expect([...new Set(recorded)].toSorted()).toEqual([...outcomes].toSorted());
});

test.each(files)("%s is of the version of its folder", (file) => {
  expect(`v${String(load(file).outputs.schemaVersion)}`).toBe(path.dirname(file));
});

test.each(files)("%s reads back as it was written", (file) => {
  const { inputs, outputs } = load(file);
  const written = Object.entries(outputs).filter(([name]) => !(name in inputs) && name !== "schemaVersion");
  expect(readState(outputs)).toEqual({ kind: "readable", record: Object.fromEntries(written) });
  expect(echoedInputs(outputs)).toEqual(inputs);
});

test.each(files)("%s holds a text whose calls the package still offers", (file) => {
  const text = String(load(file).outputs.__provider);
  const calls = [...text.matchAll(/require\("([^"]*)"\)\.(\w+)\(([^)]*)\)/g)];
  const offered = Object.entries(handlers).map(([verb, handler]) => [verb, (handler as () => unknown).length]);
  expect(calls).toHaveLength(7);
  for (const [, name, verb, args = ""] of calls) {
    expect(name).toBe("pulumi-hyperv-replica/lifecycle");
    expect(offered).toContainEqual([verb, args.split(",").length]);
  }
});

test.each(files)("an unchanged program finds in %s just what is left to do", (file) => {
  const stored = load(file);
  const { plugin: one } = today(stored, {});
  const { changes, replaces } = verbs.diff(stored.id, stored.outputs, stored.inputs, one.context);
  expect({ changes, replaces }).toEqual({ changes: isToGoOn[path.basename(file)], replaces: [] });
  expect(one.opened()).toBe(0);
});

test.each(toGoOn)("a program that waits for the start only goes on with %s as its outcome asks", (file) => {
  const { id, inputs, outputs } = load(file);
  const started = { ...outputs, wait: "started" };
  const { changes } = verbs.diff(id, started, { ...inputs, wait: "started" }, today(load(file), {}).plugin.context);
  expect(changes).toBe(!hasEnded(outputs.outcome, "started"));
});

test.each(files)("a refresh that cannot reach the host keeps every field of %s", async (file) => {
  const stored = load(file);
  const { plugin: one } = today(stored, { error: new ReplicaResyncError("UNREACHABLE", "the host is away") });
  const { id, props } = await verbs.read(stored.id, stored.outputs, one.context);
  expect(id).toBe(stored.id);
  expect(props).toEqual({
    ...stored.outputs,
    schemaVersion,
    warnings: [expect.stringMatching(/^at the last refresh .*the host is away/)],
  });
});

test.each(atRest)("an update of %s by an unchanged program contacts nobody and keeps every field", async (file) => {
  const stored = load(file);
  const { plugin: one } = today(stored, { state: 9 });
  const { outs } = await verbs.update(stored.id, stored.outputs, stored.inputs, one.context);
  expect(outs).toEqual({ ...stored.outputs, schemaVersion });
  expect(one.opened()).toBe(0);
});

test.each(toGoOn)(
  "an update goes on with the request of %s, without a call where the machine is well",
  async (file) => {
    const stored = load(file);
    const { plugin: one, log } = today(stored, { state: 3 });
    const { outs } = await verbs.update(stored.id, stored.outputs, stored.inputs, one.context);
    expect(outs).toMatchObject({ ...stored.inputs, outcome: "completed", requestId: stored.outputs.requestId });
    expect(log.starts).toBe(0);
  },
);

test.each(files)("a delete accepts %s and contacts nobody", (file) => {
  const stored = load(file);
  const { plugin: one } = today(stored, {});
  expect(() => {
    verbs.forget(stored.id, stored.outputs, one.context);
  }).not.toThrow();
  expect(one.opened()).toBe(0);
});

test.each(files)("a refresh leaves a newer %s untouched and warns", async (file) => {
  const newer = ofNewerVersion(file);
  const { plugin: one } = today(newer, { state: 9 });
  const { id, props } = await verbs.read(newer.id, newer.outputs, one.context);
  expect({ id, props }).toEqual({ id: newer.id, props: ofNewerVersion(file).outputs });
  expect(one.lines.text).toMatch(/^warn: .*newer version.*left as it is$/);
  expect(one.opened()).toBe(0);
});

test.each(files)("an update refuses a newer %s and contacts nobody", async (file) => {
  const newer = ofNewerVersion(file);
  const { plugin: one } = today(newer, { state: 9 });
  const update = verbs.update(newer.id, newer.outputs, { ...newer.inputs, triggers: ["new"] }, one.context);
  await expect(update).rejects.toMatchObject({
    code: "REFUSED",
    effect: "none",
    message: expect.stringMatching(/newer version.*update the package; nothing was changed/) as string,
  });
  expect(one.opened()).toBe(0);
});

test.each(files)("a diff reports a newer %s without an error, and never replaces it", (file) => {
  const newer = ofNewerVersion(file);
  const { plugin: one } = today(newer, {});
  const { changes, replaces } = verbs.diff(newer.id, newer.outputs, { ...newer.inputs, vm: "other" }, one.context);
  expect({ changes, replaces }).toEqual({ changes: true, replaces: [] });
  expect(one.lines.text).toContain("newer version");
});

test.each(files)("a delete accepts a newer %s", (file) => {
  const newer = ofNewerVersion(file);
  const { plugin: one } = today(newer, {});
  expect(() => {
    verbs.forget(newer.id, newer.outputs, one.context);
  }).not.toThrow();
  expect(one.opened()).toBe(0);
});
