import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { closeStacks, openStack, thingClass } from "./driver/stack";
import { refuseUnknownOptions, renameSdkRefusal } from "./refusals";

afterEach(closeStacks);

const request = (): RegisterResourceRequest =>
  new RegisterResourceRequest().setType("pulumi-nodejs:dynamic/test:Thing").setName("a").setCustom(true);

test.each<[string, (r: RegisterResourceRequest) => unknown]>([
  ["remote components", (r) => r.setRemote(true)],
  ["`protect`", (r) => r.setProtect(true)],
  ["`ignoreChanges`", (r) => r.setIgnorechangesList(["x"])],
  ["`import`", (r) => r.setImportid("x")],
  ["`replaceOnChanges`", (r) => r.setReplaceonchangesList(["x"])],
  ["`replaceWith`", (r) => r.setReplaceWithList(["x"])],
  ["`deleteBeforeReplace`", (r) => r.setDeletebeforereplace(true)],
  ["`deletedWith`", (r) => r.setDeletedwith("x")],
  ["`retainOnDelete`", (r) => r.setRetainondelete(true)],
  ["`hideDiffs`", (r) => r.setHidediffsList(["x"])],
  ["`envVarMappings`", (r) => r.getEnvvarmappingsMap().set("x", "y")],
  ["`provider`", (r) => r.setProvider("x")],
  ["`providers`", (r) => r.getProvidersMap().set("x", "y")],
  ["`hooks`", (r) => r.setHooks(new RegisterResourceRequest.ResourceHooksBinding().setBeforeCreateList(["x"]))],
  ["parameterized packages", (r) => r.setPackageref("x")],
  ["resources of type aws:s3:Bucket", (r) => r.setType("aws:s3:Bucket")],
  ["resources of type pulumi:providers:aws", (r) => r.setType("pulumi:providers:aws")],
])("refuses %s by name", (name, use) => {
  const used = request();
  use(used);
  const refusal = expect(() => {
    refuseUnknownOptions(used);
  });
  refusal.toThrow(name);
  refusal.toThrow("the built-in engine does not support");
  refusal.toThrow("use the pulumi CLI");
});

test("takes what it knows", () => {
  const timeouts = new RegisterResourceRequest.CustomTimeouts().setCreate("5m");
  const known = request().setCustomtimeouts(timeouts).setProtect(false).setDeletebeforereplacedefined(true);
  known
    .setAdditionalsecretoutputsList(["x"])
    .setAliasurnsList(["x"])
    .setHooks(new RegisterResourceRequest.ResourceHooksBinding());
  expect(() => {
    refuseUnknownOptions(known);
  }).not.toThrow();
});

test("names itself where the SDK blames the CLI's age", () => {
  expect(renameSdkRefusal("Error: The Pulumi CLI does not support transforms. Please update the Pulumi CLI")).toBe(
    "Error: the built-in engine does not support transforms; use the pulumi CLI",
  );
});

test.each([
  ["option `protect`", `new Thing("a", {}, { protect: true });`],
  ["resource hooks", `new Thing("a", {}, { hooks: { beforeCreate: [() => {}] } });`],
  ["invokes (functions of other providers)", `pulumi.runtime.invoke("aws:index:getRegion", {});`],
  ["reading existing resources (`get`, option `id`)", `new Thing("a", {}, { id: "x" });`],
  ["assets", `new Thing("a", { file: new pulumi.asset.StringAsset("x") });`],
])("a program that uses %s fails with that name, before anything is created", async (name, text) => {
  const stack = openStack(`${thingClass()} ${text}`);
  const { exitCode, output } = await stack.up();
  expect(output).toContain(`the built-in engine does not support ${name}; use the pulumi CLI`);
  expect(exitCode).toBe(255);
  expect((await stack.exportState()).deployment.resources?.some(({ type }) => type.endsWith("Thing"))).toBe(false);
});

test("refuses a diff that wants the old resource deleted first", async () => {
  const diff = 'async () => ({ changes: true, replaces: ["name"], deleteBeforeReplace: true })';
  const stack = openStack(`${thingClass({ diff })} new Thing("a", {});`);
  await stack.up();
  const { exitCode, output } = await stack.up();
  expect(output).toContain(
    "the built-in engine does not support `deleteBeforeReplace` from `diff`; use the pulumi CLI",
  );
  expect(exitCode).toBe(255);
});
