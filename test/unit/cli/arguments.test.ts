import { readArguments, UsageError } from "../../../provider/cli/arguments";

const simulate = {
  kind: "simulate",
  options: { scenario: "lab.json", host: "127.0.0.1", port: 5985, tls: false, allowBasic: false },
};

test.each([
  ["simulate lab.json", {}],
  ["simulate lab.json --port 0", { port: 0 }],
  ["simulate --port=8080 lab.json", { port: 8080 }],
  ["simulate lab.json --host 0.0.0.0", { host: "0.0.0.0" }],
  ["simulate lab.json --tls", { tls: true, port: 5986 }],
  ["simulate lab.json --allow-basic", { allowBasic: true }],
  [
    "simulate lab.json --cert a.pem --key b.pem",
    { tls: true, port: 5986, certificate: { cert: "a.pem", key: "b.pem" } },
  ],
])("%s", (line, options) => {
  expect(readArguments(line.split(" "))).toEqual({ ...simulate, options: { ...simulate.options, ...options } });
});

test.each([
  ["scenario", "host.json"],
  ["scenario lab/hv02.json", "lab/hv02.json"],
])("%s writes %s", (line, file) => {
  expect(readArguments(line.split(" "))).toEqual({ kind: "scenario", file });
});

test.each([["--help"], ["-h"], ["simulate --help"], ["simulate lab.json --port x --help"]])(
  "%s asks for help",
  (line) => {
    expect(readArguments(line.split(" "))).toEqual({ kind: "help" });
  },
);

test("--version asks for the version", () => {
  expect(readArguments(["--version"])).toEqual({ kind: "version" });
});

test.each([
  ["", /expected a command: scenario or simulate/],
  ["simulat lab.json", /unknown command "simulat"; there are: scenario, simulate/],
  ["scenario a.json b.json", /scenario: expected one file, got also b.json/],
  ["scenario --port 0", /scenario: takes no options, got --port/],
  ["simulate", /expected the path of a scenario file/],
  ["simulate a.json b.json", /got also b.json/],
  ["simulate a.json --prot 1", /unknown option --prot; did you mean --port\?/],
  ["simulate a.json -x", /unknown option -x/],
  ["simulate a.json --constructor", /unknown option --constructor/],
  ["simulate a.json --port", /--port: expected a value/],
  ["simulate a.json --port --tls", /--port: expected a value/],
  ["simulate a.json --port 65536", /from 0 \(any that is free\) to 65535, got "65536"/],
  ["simulate a.json --port -1", /--port/],
  ["simulate a.json --tls=yes", /--tls takes no value, got "yes"/],
  ["simulate a.json --cert a.pem", /--cert and --key belong together/],
  ["simulate a.json --tls --allow-basic", /--allow-basic is for HTTP/],
])("%p is refused with a reason", (line, reason) => {
  const read = () => readArguments(line === "" ? [] : line.split(" "));
  expect(read).toThrow(UsageError);
  expect(read).toThrow(reason);
});
