import { findFailures, toInputs } from "../../../provider/state/checkFailures";
import { unknownValue } from "../../../provider/state/unknowns";

type Given = Record<string, unknown>;

function reasonsFor(given: Given): Record<string, string> {
  return Object.fromEntries(findFailures({ vm: "web01", ...given }).map(({ property, reason }) => [property, reason]));
}

function failuresOf(given: Given): string[] {
  return findFailures({ vm: "web01", ...given }).map(({ property }) => property);
}

const whole: Given = {
  vm: "web01",
  connection: { scenario: "lab.json", username: "operator", password: "hunter2", maxConcurrentResyncs: 1 },
  relationship: "extended",
  triggers: [1, { at: "noon" }],
  policy: "ifRequired",
  startTime: "2030-01-07T22:00:00+01:00",
  wait: "started",
  timeoutSeconds: 0.5,
  stalledAfterSeconds: 0,
  onTimeout: "cancel",
};

test("a request that uses every input is accepted", () => {
  expect(findFailures({ ...whole, __provider: "text", __urn: "urn", __defaults: [] })).toEqual([]);
});

test.each([
  "6f1f0a9c-52a7-4c0e-9f5e-0b2c6f3d1a11",
  "{6F1F0A9C-52A7-4C0E-9F5E-0B2C6F3D1A11}",
  "web 01",
  'Müller\'s "VM"',
])("the VM %p is accepted", (vm) => {
  expect(findFailures({ vm })).toEqual([]);
});

test.each<[string, Given]>([
  ["nothing", { vm: undefined }],
  ["null", { vm: null }],
  ["an empty text", { vm: "" }],
  ["an empty text", { vm: " \t\n" }],
  ["5", { vm: 5 }],
])("a VM that is %s is refused", (text, given) => {
  expect(reasonsFor(given)).toEqual({
    vm: `expected the display name or the GUID of a VM, got ${text === "null" ? "nothing" : text}`,
  });
});

test.each<[string, string, Given]>([
  ["relationship", 'expected "primary" or "extended", got "first"', { relationship: "first" }],
  ["policy", 'expected "ifRequired" or "always", got true', { policy: true }],
  ["wait", 'expected "completed" or "started", got "no"', { wait: "no" }],
  ["onTimeout", 'expected "leave" or "cancel", got "kill"', { onTimeout: "kill" }],
  ["timeoutSeconds", "expected a number of seconds above 0, got 0", { timeoutSeconds: 0 }],
  ["timeoutSeconds", "expected a number of seconds above 0, got -5", { timeoutSeconds: -5 }],
  ["timeoutSeconds", 'expected a number of seconds above 0, got "60"', { timeoutSeconds: "60" }],
  ["timeoutSeconds", "expected at most 2592000 seconds (30 days), got 2592001", { timeoutSeconds: 2_592_001 }],
  ["stalledAfterSeconds", "expected a number of seconds, or 0 for never, got -1", { stalledAfterSeconds: -1 }],
  ["triggers", "expected a list or a map of values", { triggers: "a" }],
  ["connection", "expected a map of fields", { connection: "HV01" }],
  ["connection", "expected a map of fields", { connection: [] }],
  ["connection.host", 'expected a text that is not empty, got "  "', { connection: { host: "  " } }],
  ["connection.host", "expected a text, got 5", { connection: { host: 5 } }],
  ["connection.port", "expected a whole number from 1 to 65535, got 65536", { connection: { port: 65_536 } }],
  ["connection.port", "expected a whole number from 1 to 65535, got 1.5", { connection: { port: 1.5 } }],
  ["connection.tls", 'expected true or false, got "yes"', { connection: { tls: "yes" } }],
  ["connection.insecureSkipVerify", "expected true or false, got 1", { connection: { insecureSkipVerify: 1 } }],
  [
    "connection.transport",
    'expected "powershell", "wsman" or "simulator", got "ssh"',
    { connection: { transport: "ssh" } },
  ],
  [
    "connection.auth",
    'expected "basic", "certificate", "negotiate" or "kerberos", got "ntlm"',
    { connection: { auth: "ntlm" } },
  ],
  [
    "connection.certificateThumbprint",
    'expected the thumbprint of a certificate, 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, got "12"',
    { connection: { certificateThumbprint: "12" } },
  ],
  [
    "connection.certificateThumbprint",
    "expected the thumbprint of a certificate, 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, got 12",
    { connection: { certificateThumbprint: 12 } },
  ],
  [
    "connection.operationTimeoutSeconds",
    "expected a number of seconds above 0, at most 86400, got 0",
    { connection: { operationTimeoutSeconds: 0 } },
  ],
  [
    "connection.maxConcurrentResyncs",
    "expected a whole number of at least 1, got 0",
    { connection: { maxConcurrentResyncs: 0 } },
  ],
])("%s is refused with what is accepted: %s", (property, reason, given) => {
  expect(reasonsFor(given)).toEqual({ [property]: reason });
});

test.each(["2030-01-07T22:00:00Z", "2030-01-07T22:00:00.5-08:00"])("the start time %s is accepted", (startTime) => {
  expect(failuresOf({ startTime })).toEqual([]);
});

test.each([
  "2030-01-07",
  "2030-01-07T22:00:00",
  "2030-02-30T10:00:00Z",
  "2030-01-07T22:00:00+25:00",
  "tomorrow",
  "",
  5,
])("the start time %p is refused once, with an example", (startTime) => {
  const failures = findFailures({ vm: "web01", startTime });
  expect(failures).toEqual([
    { property: "startTime", reason: expect.stringContaining("2026-11-22T22:00:00+01:00, got ") as string },
  ]);
});

test("the start time 40 years ago is accepted: check does not look at the clock", () => {
  expect(failuresOf({ startTime: "1990-01-07T22:00:00Z" })).toEqual([]);
});

test("a start time is not accepted together with policy always", () => {
  const given = { startTime: "2030-01-07T22:00:00Z", policy: "always" };
  expect(reasonsFor(given)).toEqual({
    startTime: expect.stringContaining('not together with policy "always"') as string,
  });
});

test("a wrong start time together with policy always is refused for one reason", () => {
  expect(failuresOf({ startTime: "tomorrow", policy: "always" })).toEqual(["startTime"]);
});

test.each([
  ["trigers", 'did you mean "triggers"?'],
  ["timeoutSecond", 'did you mean "timeoutSeconds"?'],
  ["VM", 'did you mean "vm"?'],
])("the input %s is refused with the nearest name", (name, meant) => {
  expect(reasonsFor({ [name]: 1 })[name]).toContain(`there is no such input; ${meant} Accepted: "vm", `);
});

test("an input that resembles none is refused with all names", () => {
  expect(reasonsFor({ xyzzy: 1 }).xyzzy).toMatch(/^there is no such input\. Accepted: "vm", .* or "onTimeout"$/);
});

test("an unknown field of the connection is refused by its path, with the nearest field", () => {
  expect(reasonsFor({ connection: { hostt: "a" } })["connection.hostt"]).toContain(
    'there is no such field; did you mean "host"? Accepted: "host", ',
  );
});

test("everything that is wrong is reported at once", () => {
  const all = findFailures({ vm: "", wait: "no", connection: { port: 0, tls: 5 }, x: 1 }).map(
    ({ property }) => property,
  );
  expect(all.sort()).toEqual(["connection.port", "connection.tls", "vm", "wait", "x"]);
});

test.each<Given>([
  { connection: { password: 12345678 } },
  { connection: { password: ["12345678"] } },
  { connection: { pasword: "12345678" } },
  { connection: { password: "12345678", passwordFile: "x", host: "", transport: "ssh" } },
  { connection: [{ password: "12345678" }] },
  { connection: "operator:12345678@HV01" },
  { triggers: "12345678" },
  { triggers: 12345678 },
])("no secret of %j is in a message", (given) => {
  const failures = findFailures({ vm: "web01", ...given });
  expect(failures).not.toEqual([]);
  expect(JSON.stringify(failures)).not.toContain("12345678");
});

test("a long wrong value is cut without half a character", () => {
  const { wait = "" } = reasonsFor({ wait: `${"x".repeat(58)}😀${"x".repeat(100)}` });
  expect(wait.length).toBeLessThan(150);
  expect(wait.isWellFormed()).toBe(true);
});

test.each(Object.keys(whole))("the input %s may be unknown yet", (name) => {
  expect(findFailures({ ...whole, [name]: unknownValue })).toEqual([]);
});

test.each([
  "host",
  "transport",
  "scenario",
  "port",
  "tls",
  "caFile",
  "certificateThumbprint",
  "insecureSkipVerify",
  "auth",
  "username",
  "password",
  "passwordFile",
  "certificateFile",
  "keyFile",
  "keytab",
  "executable",
  "configurationName",
  "operationTimeoutSeconds",
  "maxConcurrentResyncs",
])("the field connection.%s may be unknown yet", (field) => {
  expect(findFailures({ vm: "web01", connection: { [field]: unknownValue } })).toEqual([]);
});

test("a member of a list may be unknown yet", () => {
  expect(failuresOf({ triggers: [unknownValue, { deep: [unknownValue] }] })).toEqual([]);
});

test("what is wrong beside something unknown is refused anyway", () => {
  expect(failuresOf({ startTime: unknownValue, wait: "no", connection: { host: unknownValue, port: 0 } })).toEqual([
    "connection.port",
    "wait",
  ]);
});

test("null counts as left out, in the connection as well", () => {
  const given = { ...whole, wait: null, connection: { scenario: "lab.json", password: null } };
  expect(findFailures(given)).toEqual([]);
  expect(toInputs(given)).not.toHaveProperty("wait");
  expect(toInputs(given).connection).toEqual({ scenario: "lab.json" });
});

test("inputs hold neither what is not an input nor what is unknown", () => {
  expect(toInputs({ vm: "web01", __provider: "text", __urn: "urn", wait: unknownValue })).toEqual({ vm: "web01" });
});

test("a contradictory connection is refused at the field to change", () => {
  expect(reasonsFor({ connection: { password: "a", passwordFile: "b" } })).toEqual({
    "connection.passwordFile": expect.stringContaining("either password or passwordFile") as string,
  });
});

test("a connection of several forms is not judged while one of its fields is wrong", () => {
  expect(failuresOf({ connection: { password: "a", passwordFile: "b", port: 0 } })).toEqual(["connection.port"]);
});

test("triggers that are nested too deep are refused: what is cut off would differ in every `up`", () => {
  const nested = (levels: number): unknown => (levels === 0 ? "deep" : [nested(levels - 1)]);
  expect(findFailures({ vm: "web01", triggers: nested(32) })).toEqual([]);
  expect(findFailures({ vm: "web01", triggers: nested(33) })).toEqual([
    { property: "triggers", reason: "expected values nested at most 32 levels deep" },
  ]);
});
