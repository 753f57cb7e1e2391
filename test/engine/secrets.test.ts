import { readFileSync } from "node:fs";
import { closeStacks, openStack, thingClass } from "./driver/stack";
import { SecretBox } from "./secrets";
import { secret } from "./values";

afterEach(closeStacks);

const slow =
  "async (inputs) => { await new Promise((r) => setTimeout(r, inputs.ms)); return { id: inputs.name, outs: inputs }; }";
const program = `${thingClass({ create: slow })}
const config = new pulumi.Config();
const thing = new Thing("a", {
  ms: Number(process.env.MS),
  plain: config.require("plain"),
  token: config.requireSecret("token"),
  deep: { inner: pulumi.secret("hush-inner"), open: "seen" },
  list: [pulumi.secret("hush-item"), "seen"],
  marked: "hush-marked",
}, { additionalSecretOutputs: ["marked"] });
exports.token = thing.token;`;

test("secrets are never in clear on disk, not even in a pending operation, and come back with their marks", async () => {
  const stack = openStack(
    program
      .replace("class Thing", "const fields = { token: undefined };\nclass Thing")
      .replace("{ name, ...args }", "{ ...fields, name, ...args }"),
  );
  await stack.setConfig("plain", "open");
  await stack.setConfig("token", "hush-token", { secret: true });
  const run = stack.start("up", { env: { MS: "1500", PULUMI_CONFIG_PASSPHRASE: "pass" } });
  await run.waitForLine(/Thing a creating/);
  const during = readFileSync(stack.stateFile, "utf8");
  expect(during).toContain('"type": "creating"');
  expect(during).not.toContain("hush-token");
  expect((await run.result).output).toContain("token: [secret]");

  const after = readFileSync(stack.stateFile, "utf8");
  // Inputs may show what only the outputs were to hide, as under the CLI.
  for (const text of ["hush-token", "hush-inner", "hush-item"]) expect(after).not.toContain(text);
  const events = JSON.stringify(stack.events());
  expect(events).not.toContain("hush");

  const wrong = await stack.up({ env: { MS: "0", PULUMI_CONFIG_PASSPHRASE: "other" } });
  expect(wrong.exitCode).toBe(255);
  expect(wrong.output).toContain("incorrect passphrase");
});

test("exports secrets in clear when asked, with their marks", async () => {
  const stack = openStack(program);
  await stack.setConfig("plain", "open");
  await stack.setConfig("token", "hush-token", { secret: true });
  await stack.up({ env: { MS: "0" } });
  const { resources = [] } = (await stack.exportState({ showSecrets: true })).deployment;
  const [, provider, thing] = resources;
  expect(provider?.inputs).toEqual({ "test:plain": "open", "test:token": secret("hush-token") });
  expect(thing?.inputs).toMatchObject({
    token: secret("hush-token"),
    deep: { inner: secret("hush-inner"), open: "seen" },
  });
  // An object is marked inside, a list as a whole.
  expect(thing?.outputs).toMatchObject({
    token: secret("hush-token"),
    deep: { inner: secret("hush-inner"), open: "seen" },
    list: secret(["hush-item", "seen"]),
    marked: secret("hush-marked"),
  });
});

test("a box opens what another with the same passphrase and salt has encrypted, and nothing else", () => {
  const box = new SecretBox("pass");
  const sealed = box.sealAll({ list: [secret({ deep: "é" }), 1], open: "x" });
  expect(JSON.stringify(sealed)).not.toContain("é");
  expect(new SecretBox("pass", box.salt).openAll(sealed)).toEqual({ list: [secret({ deep: "é" }), 1], open: "x" });
  expect(() => new SecretBox("word", box.salt)).toThrow("incorrect passphrase");
});
