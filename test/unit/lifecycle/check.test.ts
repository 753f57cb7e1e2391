import { check } from "../../../provider/lifecycle/check";
import type { LifecycleContext, Properties } from "../../../provider/lifecycle/context";
import { unknownValue } from "../../../provider/state/unknowns";
import { vmId } from "../../support/builders";
import { lab } from "../../support/fakeHost";
import { inputs, plugin, urn } from "../../support/fakeStack";

function setUp(
  more: Partial<LifecycleContext> = {},
): ReturnType<typeof plugin> & { log: ReturnType<typeof lab>["log"] } {
  const { host, log } = lab(vmId);
  return { ...plugin(host, more), log };
}

function failuresOf(
  news: Properties,
  environment: Record<string, string> = {},
  platform = "linux",
): Record<string, string> {
  const { context } = setUp({ sources: { config: () => undefined, environment, platform } });
  return Object.fromEntries(check({}, news, context).failures.map(({ property, reason }) => [property, reason]));
}

test("good inputs come back as they are, including those of the engine", () => {
  const { context, log, opened } = setUp();
  expect(check({}, inputs(), context)).toEqual({ inputs: inputs(), failures: [] });
  expect(log.calls).toEqual([]);
  expect(opened()).toBe(0);
});

test("wrong inputs come back with what is wrong, and are not announced", () => {
  const { context, lines } = setUp();
  expect(check({}, inputs({ vm: "" }), context).failures).toEqual([expect.objectContaining({ property: "vm" })]);
  expect(lines.lines).toEqual([]);
});

test("a create is announced once per resource and process: an up asks twice", () => {
  const { context, lines } = setUp();
  check({}, inputs(), context);
  check({}, inputs(), context);
  check({}, inputs({ __urn: `${urn}-2` }), context);
  expect(lines.lines).toEqual(Array(2).fill(expect.stringContaining("status: will resynchronize web01")));
});

test("a resource that exists is not announced by check: diff explains it", () => {
  const { context, lines } = setUp();
  check(inputs(), inputs(), context);
  expect(lines.lines).toEqual([]);
});

test.each<[string, Properties, Record<string, string>, string, string, string]>([
  ["no host at all", {}, {}, "linux", "connection.host", "expected the name or address of the host, got nothing"],
  [
    "the runner itself, which is not Windows",
    { connection: { transport: "powershell" } },
    {},
    "linux",
    "connection.host",
    "expected the name of the host, got nothing: without it the runner itself is meant, which is not Windows",
  ],
  [
    "a user without a password",
    { connection: { transport: "powershell", host: "hv01", username: "operator" } },
    {},
    "linux",
    "connection.password",
    "expected a password for the username",
  ],
  [
    "the field hosts, which there is not,",
    { connection: { transport: "powershell", hosts: ["hv01", "hv02"] } },
    {},
    "linux",
    "connection.hosts",
    'there is no such field; did you mean "host"?',
  ],
  [
    "a simulator without scenario",
    { connection: { transport: "simulator" } },
    {},
    "linux",
    "connection.scenario",
    "expected the path of a scenario file",
  ],
  [
    "two forms",
    { connection: { scenario: "a", host: "b" } },
    {},
    "linux",
    "connection.host",
    "the scenario file names the host",
  ],
  [
    "a scenario and a port of the environment",
    { connection: { scenario: "a" } },
    { HYPERV_REPLICA_PORT: "1" },
    "linux",
    "connection.port",
    'HYPERV_REPLICA_PORT (environment variable): is not used by transport "simulator"',
  ],
  [
    "a bad variable",
    { connection: { scenario: "a" } },
    { HYPERV_REPLICA_PORT: "x" },
    "linux",
    "connection.port",
    "HYPERV_REPLICA_PORT (environment variable): expected a whole number",
  ],
])("%s is refused at the field to change", (_what, more, environment, platform, property, reason) => {
  expect(failuresOf(inputs({ connection: undefined, ...more }), environment, platform)).toEqual({
    [property]: expect.stringContaining(reason) as string,
  });
});

test("a connection that comes from the environment alone is accepted", () => {
  expect(failuresOf(inputs({ connection: undefined }), { HYPERV_REPLICA_SCENARIO: "lab.json" })).toEqual({});
});

test("a scenario of the resource takes precedence over a host of the environment", () => {
  expect(failuresOf(inputs(), { HYPERV_REPLICA_HOST: "HV01" })).toEqual({});
});

test.each<Properties>([
  { connection: unknownValue },
  { connection: { scenario: unknownValue } },
  { connection: { host: unknownValue } },
])("a connection that is not known yet passes: %j", (more) => {
  expect(failuresOf(inputs(more))).toEqual({});
});

test("an error caused by a bug is not reported as a wrong input", () => {
  const config = (): never => {
    throw new TypeError("a bug");
  };
  const { context } = setUp({ sources: { config, environment: {}, platform: "linux" } });
  expect(() => check({}, inputs(), context)).toThrow("a bug");
});

test.each<[string, Properties, string]>([
  ["the runner itself, which is a Windows", {}, "win32"],
  ["another host over PowerShell, from any runner", { connection: { transport: "powershell", host: "hv01" } }, "linux"],
  [
    "a password in a file, which is not looked at",
    { connection: { transport: "powershell", host: "hv01", username: "operator", passwordFile: "no/such/file" } },
    "linux",
  ],
])("%s is accepted", (_what, more, platform) => {
  expect(failuresOf(inputs({ connection: undefined, ...more }), {}, platform)).toEqual({});
});
