import * as pulumi from "@pulumi/pulumi";
import { ReplicaResync } from "../../provider";
import type { ReplicaResyncArgs } from "../../provider";
import { outputNames } from "../../provider/state/outputNames";

interface Registered {
  readonly type: string;
  readonly inputs: Record<string, unknown>;
}

const registered = new Map<string, Registered>();
const simulated: ReplicaResyncArgs = { vm: "web01", connection: { scenario: "lab.json" } };

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ name, type, inputs }) => {
        registered.set(name, { type, inputs: inputs as Record<string, unknown> });
        return { id: `${name}-id`, state: { ...(inputs as object), outcome: "completed" } };
      },
    },
    "lab",
    "dev",
  );
});

async function register(
  name: string,
  args: ReplicaResyncArgs,
  opts?: pulumi.CustomResourceOptions,
): Promise<Registered> {
  const resource = new ReplicaResync(name, args, opts);
  await new Promise((resolve) => resource.urn.apply(resolve));
  const found = registered.get(name);
  if (found === undefined) throw new Error(`${name} was not registered`);
  return found;
}

test("the resource has its own type and hands its inputs on, with its URN for progress", async () => {
  const { type, inputs } = await register("plain", { ...simulated, triggers: [1] });
  expect(type).toBe("pulumi-nodejs:dynamic/hyperv:ReplicaResync");
  expect(inputs).toMatchObject({ ...simulated, triggers: [1] });
  expect(inputs.__urn).toBe("urn:pulumi:dev::lab::pulumi-nodejs:dynamic/hyperv:ReplicaResync::plain");
});

test("the URN of a child names its parent's type", async () => {
  const parent = new pulumi.ComponentResource("lab:Fleet", "fleet");
  const { inputs } = await register("child", simulated, { parent });
  expect(inputs.__urn).toBe("urn:pulumi:dev::lab::lab:Fleet$pulumi-nodejs:dynamic/hyperv:ReplicaResync::child");
});

test("outputs are there for the program", async () => {
  const resource = new ReplicaResync("outputs", simulated);
  await expect(new Promise((resolve) => resource.outcome.apply(resolve))).resolves.toBe("completed");
  for (const name of outputNames)
    expect({ name, is: pulumi.Output.isInstance(resource[name]) }).toEqual({ name, is: true });
  expect(pulumi.Output.isInstance(resource.failures.nextAttemptAt)).toBe(true);
});

async function isPasswordSecret(name: string, connection: ReplicaResyncArgs["connection"]): Promise<boolean> {
  const resource = new ReplicaResync(name, { vm: "web01", ...(connection !== undefined && { connection }) });
  const { connection: output } = resource as unknown as { connection: pulumi.Output<unknown> };
  return pulumi.isSecret(output);
}

test.each<[string, () => NonNullable<ReplicaResyncArgs["connection"]>]>([
  ["a text", () => ({ scenario: "lab.json", username: "a", password: "hunter2" })],
  ["an output", () => ({ scenario: "lab.json", username: "a", password: pulumi.output("hunter2") })],
  ["a promise", () => ({ scenario: "lab.json", username: "a", password: Promise.resolve("hunter2") })],
  ["in an output of the whole connection", () => pulumi.output({ scenario: "lab.json", password: "hunter2" })],
  ["in a promise of the whole connection", () => Promise.resolve({ scenario: "lab.json", password: "hunter2" })],
  ["a secret already", () => ({ scenario: "lab.json", password: pulumi.secret("hunter2") })],
])("a password that is given as %s becomes a secret", async (how, connection) => {
  await expect(isPasswordSecret(`secret ${how}`, connection())).resolves.toBe(true);
});

test.each<[string, () => NonNullable<ReplicaResyncArgs["connection"]>]>([
  ["a plain connection", () => ({ scenario: "lab.json" })],
  ["an output of a connection", () => pulumi.output({ scenario: "lab.json" })],
])("%s without a password is no secret", async (how, connection) => {
  await expect(isPasswordSecret(`open ${how}`, connection())).resolves.toBe(false);
});

test.each<[string, pulumi.CustomResourceOptions, RegExp]>([
  ["import", { import: "id" }, /"refused": the option "import" is not accepted.*skipped/],
  [
    "replaceOnChanges",
    { replaceOnChanges: ["vm"] },
    /"refused": the option "replaceOnChanges" is not accepted.*"triggers"/,
  ],
  ["unequal customTimeouts", { customTimeouts: { create: "1h", update: "2h" } }, /"refused": .*differ/],
])("the option %s is refused with a sentence, and nothing is registered", (_what, opts, message) => {
  expect(() => new ReplicaResync("refused", simulated, opts)).toThrow(message);
  expect(() => new ReplicaResync("refused", simulated, opts)).toThrow(pulumi.RunError);
  expect(registered.has("refused")).toBe(false);
});

test("an unknown key of the stack's configuration is refused with the nearest one, and its value is not shown", () => {
  jest.isolateModules(() => {
    const sdk = jest.requireActual<typeof pulumi>("@pulumi/pulumi");
    const { ReplicaResync: Loaded } = jest.requireActual<{ ReplicaResync: typeof ReplicaResync }>("../../provider");
    sdk.runtime.setAllConfig({ "hyperv-replica:pasword": "hunter2", "aws:region": "eu-west-1" });
    const create = (): unknown => new Loaded("refused", simulated);
    expect(create).toThrow(sdk.RunError);
    expect(create).toThrow(
      /^ReplicaResync "refused": .*"hyperv-replica:pasword".*; did you mean "hyperv-replica:password"\?/,
    );
    expect(create).not.toThrow(/hunter2/);
  });
});

test.each<[string, pulumi.CustomResourceOptions]>([
  ["protect", { protect: true }],
  ["no changes to replace on", { replaceOnChanges: [] }],
  ["customTimeouts", { customTimeouts: { create: "1h" } }],
])("the option %s is accepted", async (what, opts) => {
  await expect(register(`accepted ${what}`, simulated, opts)).resolves.toBeDefined();
});

test("customTimeouts set the wait, an explicit input wins", async () => {
  const customTimeouts = { create: "90m", update: "1h30m" };
  expect((await register("by option", simulated, { customTimeouts })).inputs.timeoutSeconds).toBe(5_400);
  const explicit = await register("by input", { ...simulated, timeoutSeconds: 60 }, { customTimeouts });
  expect(explicit.inputs.timeoutSeconds).toBe(60);
  expect((await register("by default", simulated)).inputs).not.toHaveProperty("timeoutSeconds");
});
