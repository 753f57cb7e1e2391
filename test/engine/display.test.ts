import { Display } from "./display";
import type { EngineEvent } from "./events";
import { viewOutputs } from "./outputsView";
import { styleFor, wantsColour } from "./style";
import { secret, unknownValue } from "./values";

const stackUrn = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev";
const urn = "urn:pulumi:dev::p::pulumi-nodejs:dynamic/hyperv:ReplicaResync::vm1";
const plain = styleFor(false);

function shown(...events: EngineEvent[]): string[] {
  const lines: string[] = [];
  const display = new Display("dev", (line) => lines.push(line), plain);
  display.show({ type: "start", command: "up", preview: false, stackUrn });
  for (const event of events) display.show(event);
  return lines.slice(2);
}

const log = (message: string, severity: "info" | "warning" | "error" = "info", ephemeral = false): EngineEvent => ({
  type: "log",
  urn,
  severity,
  message,
  ephemeral,
});

test("a progress line stands beside its resource and is not repeated at the end", () => {
  expect(
    shown(
      { type: "step", phase: "started", op: "update", urn, diff: "~triggers" },
      log("resynchronizing 50 %", "info", true),
      { type: "step", phase: "done", op: "update", urn, diff: "~triggers", seconds: 3.7 },
      { type: "result", status: "succeeded", seconds: 5.2 },
    ),
  ).toEqual([
    " ~  pulumi-nodejs:dynamic/hyperv:ReplicaResync vm1 updating (0s) [diff: ~triggers]",
    " ~  pulumi-nodejs:dynamic/hyperv:ReplicaResync vm1 updating (0s) [diff: ~triggers]; resynchronizing 50 %",
    " ~  pulumi-nodejs:dynamic/hyperv:ReplicaResync vm1 updated (3s) [diff: ~triggers]",
    "    pulumi:pulumi:Stack p-dev",
    "Resources:",
    "    ~ 1 updated",
    "",
    "Duration: 5s",
  ]);
});

test("a failure shows its first line beside the resource and all of it at the end", () => {
  expect(
    shown(
      { type: "step", phase: "started", op: "create", urn },
      log("2 errors occurred:\n\t* lost\n\t* run up again", "error"),
      { type: "step", phase: "failed", op: "create", urn, seconds: 1 },
      { type: "log", urn: stackUrn, severity: "error", message: "update failed", ephemeral: false },
      { type: "result", status: "failed", seconds: 1.2 },
    ),
  ).toEqual([
    " +  pulumi-nodejs:dynamic/hyperv:ReplicaResync vm1 creating (0s)",
    " +  pulumi-nodejs:dynamic/hyperv:ReplicaResync vm1 creating (0s) error: 2 errors occurred:",
    " +  pulumi-nodejs:dynamic/hyperv:ReplicaResync vm1 **creating failed**",
    "    pulumi:pulumi:Stack p-dev error: update failed",
    "    pulumi:pulumi:Stack p-dev **failed** 1 error",
    "Diagnostics:",
    "  pulumi-nodejs:dynamic/hyperv:ReplicaResync (vm1):",
    "    error: 2 errors occurred:",
    "    \t* lost",
    "    \t* run up again",
    "",
    "  pulumi:pulumi:Stack (p-dev):",
    "    error: update failed",
    "",
    "Resources:",
    "    2 errored",
    "",
    "Duration: 1s",
  ]);
});

test("an interrupt is confirmed at once, with what a second one would do", () => {
  const [confirmation, note] = shown({ type: "interrupt", signal: "SIGINT", terminates: false });
  expect(confirmation).toBe("^C received; cancelling. If you would like to terminate immediately, press ^C again.");
  expect(note).toContain("orphaned resources");
});

test("outputs show what changed since the last run", () => {
  const before = { same: 1, number: 1, gone: "x", object: { inner: true, kept: "k" }, list: ["a"] };
  const after = { same: 1, number: 2, object: { inner: false, kept: "k" }, list: ["a", "b"], fresh: { deep: [1] } };
  expect(viewOutputs(before, after, plain)).toEqual([
    "  + fresh: {",
    "      + deep: [",
    "          + [0]: 1",
    "        ]",
    "    }",
    '  - gone: "x"',
    '  ~ list: ["a"] => ["a", "b"]',
    "  ~ number: 1 => 2",
    "  ~ object: {",
    "      ~ inner: true => false",
    '        kept: "k"',
    "    }",
    "    same: 1",
  ]);
});

test("outputs of a first run are not marked; what is secret, unknown, long or internal is not spelled out", () => {
  const outputs = {
    secret: secret("hush"),
    unknown: unknownValue,
    long: "x".repeat(500),
    __provider: "text",
    lines: "a\nb",
  };
  const lines = viewOutputs(undefined, outputs, plain);
  expect(lines).toEqual([
    '    lines: "a\\nb"',
    `    long: "${"x".repeat(119)}..."`,
    "    secret: [secret]",
    "    unknown: [unknown]",
  ]);
});

test("a secret that changed says so without saying what it was", () => {
  expect(viewOutputs({ token: secret("one") }, { token: secret("two") }, plain)).toEqual([
    "  ~ token: [secret] => [secret]",
  ]);
});

test("colour is for terminals whose owner has not asked for none", () => {
  const terminal = { isTTY: true };
  expect(wantsColour(terminal, {})).toBe(true);
  expect(wantsColour(terminal, { NO_COLOR: "1" })).toBe(false);
  expect(wantsColour({ isTTY: false }, {})).toBe(false);
  expect(styleFor(true).added("+")).toBe("\u001b[32m+\u001b[0m");
});
