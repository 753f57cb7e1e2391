import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ReplicaResyncError } from "../../../provider/core/errors";
import { hasEnded, outcomes, type Outcome } from "../../../provider/core/record/record";
import * as handlers from "../../../provider/lifecycle/index";
import type { Properties } from "../../../provider/lifecycle/context";
import { echoedInputs, toOutputs } from "../../../provider/state/outputs";
import { schemaVersion } from "../../../provider/state/stateSchema";
import { lab, type Lab, type Scene } from "../../support/fakeHost";
import { type Plugin, plugin } from "../../support/fakeStack";
import * as verbs from "../../support/verbs";
import { ofNewerVersion, recordIn } from "./stored";

/** One resource of a stack's exported state. */
interface StoredResource {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties & {
    readonly outcome: Outcome;
    readonly vmId: string;
    readonly warnings: readonly string[];
    readonly internal: {
      readonly schemaVersion: number;
      readonly requestId: string;
      readonly warningCodes: readonly string[];
    };
  };
}

const folder = path.join(__dirname, "..", "..", "fixtures", "state");
const versions = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
);
const files = versions.flatMap((version) =>
  readdirSync(path.join(folder, version)).map((name) => `${version}/${name}`),
);

/** Whether an update is to be expected from a state whose program has not changed, by file without version. */
const isToResume: Readonly<Record<string, boolean>> = {
  "completed.json": false,
  "completed-extended.json": false,
  "skipped.json": false,
  "skipped-suspended.json": false,
  "failed.json": true,
  "unknown.json": true,
  "cancelled.json": true,
  "scheduled.json": true,
  "started.json": true,
  "started-not-waited.json": false,
};
const toResume = files.filter((file) => isToResume[path.basename(file)]);
const atRest = files.filter((file) => !toResume.includes(file));

function load(file: string): StoredResource {
  return JSON.parse(readFileSync(path.join(folder, file), "utf8")) as StoredResource;
}

/** A plugin of today, and the host of the stored VM. */
function today({ outputs }: StoredResource, scene: Scene): Lab & { readonly plugin: Plugin } {
  const one = lab(outputs.vmId, { timeline: [[0, scene]] });
  return { ...one, plugin: plugin(one.host) };
}

/** The same resource as a later version may leave it. */
function newer(file: string): StoredResource {
  const stored = load(file);
  const surprise = { surprise: { list: [1, null, "two"] }, outcome: "postponed" };
  return { ...stored, outputs: ofNewerVersion({ ...stored.outputs, ...surprise }) as StoredResource["outputs"] };
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
  expect(`v${load(file).outputs.internal.schemaVersion}`).toBe(path.dirname(file));
});

test.each(files)("%s reads back as it was written", (file) => {
  const { inputs, outputs } = load(file);
  expect(toOutputs(inputs, recordIn(outputs))).toEqual(outputs);
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

test.each(files)("an unchanged program finds in %s exactly what is left to do", (file) => {
  const stored = load(file);
  const { plugin: one } = today(stored, {});
  const { changes, replaces } = verbs.diff(stored.id, stored.outputs, stored.inputs, one.context);
  expect({ changes, replaces }).toEqual({ changes: isToResume[path.basename(file)], replaces: [] });
  expect(one.opened()).toBe(0);
});

test.each(toResume)("a program that waits for the start only resumes %s as its outcome asks", (file) => {
  const { id, inputs, outputs } = load(file);
  const started = { ...outputs, wait: "started" };
  const { changes } = verbs.diff(id, started, { ...inputs, wait: "started" }, today(load(file), {}).plugin.context);
  expect(changes).toBe(!hasEnded(outputs.outcome, "started"));
});

test.each(files)("a refresh that cannot reach the host keeps every field of %s", async (file) => {
  const stored = load(file);
  const { plugin: one } = today(stored, { error: new ReplicaResyncError("UNREACHABLE", "the host does not answer") });
  const { id, props } = await verbs.read(stored.id, stored.outputs, one.context);
  expect(id).toBe(stored.id);
  const { warnings, internal } = stored.outputs;
  expect(props).toEqual({
    ...stored.outputs,
    warnings: [...warnings, expect.stringMatching(/^at the last refresh .*the host does not answer/)],
    internal: { ...internal, schemaVersion, warningCodes: [...internal.warningCodes, "refresh"] },
  });
});

test.each(atRest)("an update of %s by an unchanged program contacts no host and keeps every field", async (file) => {
  const stored = load(file);
  const { plugin: one } = today(stored, { state: 9 });
  const { outs } = await verbs.update(stored.id, stored.outputs, stored.inputs, one.context);
  expect(outs).toEqual({ ...stored.outputs, internal: { ...stored.outputs.internal, schemaVersion } });
  expect(one.opened()).toBe(0);
});

test.each(toResume)(
  "an update resumes the request of %s, without a call where the VM replicates normally",
  async (file) => {
    const stored = load(file);
    const { plugin: one, log } = today(stored, { state: 3 });
    const { outs } = await verbs.update(stored.id, stored.outputs, stored.inputs, one.context);
    const { requestId } = stored.outputs.internal;
    expect(outs).toMatchObject({ ...stored.inputs, outcome: "completed", internal: { requestId } });
    expect(log.starts).toBe(0);
  },
);

test.each(files)("a delete accepts %s and contacts no host", (file) => {
  const stored = load(file);
  const { plugin: one } = today(stored, {});
  expect(() => {
    verbs.forget(stored.id, stored.outputs, one.context);
  }).not.toThrow();
  expect(one.opened()).toBe(0);
});

test.each(files)("a refresh leaves a newer %s untouched and warns", async (file) => {
  const stored = newer(file);
  const { plugin: one } = today(stored, { state: 9 });
  const { id, props } = await verbs.read(stored.id, stored.outputs, one.context);
  expect({ id, props }).toEqual({ id: stored.id, props: newer(file).outputs });
  expect(one.lines.text).toMatch(/^warn: .*newer version.*left as it is$/);
  expect(one.opened()).toBe(0);
});

test.each(files)("an update refuses a newer %s and contacts no host", async (file) => {
  const stored = newer(file);
  const { plugin: one } = today(stored, { state: 9 });
  const update = verbs.update(stored.id, stored.outputs, { ...stored.inputs, triggers: ["new"] }, one.context);
  await expect(update).rejects.toMatchObject({
    code: "REFUSED",
    effect: "none",
    message: expect.stringMatching(/newer version.*update the package; nothing was changed/) as string,
  });
  expect(one.opened()).toBe(0);
});

test.each(files)("a diff reports a newer %s without an error, and never replaces it", (file) => {
  const stored = newer(file);
  const { plugin: one } = today(stored, {});
  const { changes, replaces } = verbs.diff(stored.id, stored.outputs, { ...stored.inputs, vm: "other" }, one.context);
  expect({ changes, replaces }).toEqual({ changes: true, replaces: [] });
  expect(one.lines.text).toContain("newer version");
});

test.each(files)("a delete accepts a newer %s", (file) => {
  const stored = newer(file);
  const { plugin: one } = today(stored, {});
  expect(() => {
    verbs.forget(stored.id, stored.outputs, one.context);
  }).not.toThrow();
  expect(one.opened()).toBe(0);
});

/** Bytes of the inputs and the outputs as the engine stores them, without the text of the provider. */
function sizeOf({ inputs, outputs }: StoredResource): number {
  return [inputs, outputs].reduce((size, { __provider: _text, ...own }) => size + JSON.stringify(own).length, 0);
}

test.each(files)("%s is small beside the text of the provider, which it contains twice", (file) => {
  expect(sizeOf(load(file))).toBeLessThan(2_000);
});
