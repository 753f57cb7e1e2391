import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { programFile, root } from "../../support/programs/programs";
import { removeScenarioFiles, scenarioFile, scenarioOf, web01 } from "../simulator/lab";

const running = new Set<ChildProcessWithoutNullStreams>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});
afterAll(removeScenarioFiles);

interface Command {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<{ code: unknown; out: string; error: string }>;
  /** Resolves when it has printed this. */
  until(text: string): Promise<string>;
}

function start(...args: string[]): Command {
  const child = spawn(process.execPath, [programFile("cli"), ...args], { cwd: root });
  running.add(child);
  let [out, error] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  child.stderr.on("data", (text: Buffer) => (error += text.toString()));
  const ended = once(child, "close").then(([code]: unknown[]) => ({ code, out, error }));
  return {
    process: child,
    ended,
    until: async (text) => {
      while (!out.includes(text)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended: ${error}`);
        await Promise.race([once(child.stdout, "data"), ended]);
      }
      return out;
    },
  };
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "serves until %s and ends well, though a client is connected",
  async (signal) => {
    const command = start("simulate", scenarioFile(scenarioOf([web01])), "--port", "0");
    const [url = ""] = (await command.until("Authenticate")).split("\n");
    const headers = { WSMANIDENTIFY: "unauthenticated", "Content-Type": "application/soap+xml" };
    const body =
      '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body>' +
      '<i:Identify xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/></s:Body></s:Envelope>';
    const answer = await fetch(url, { method: "POST", headers, body });
    expect(await answer.text()).toContain("Microsoft Corporation");
    command.process.kill(signal);
    expect(await command.ended).toMatchObject({ code: 0, error: "" });
  },
);

test("prints its help and its version", async () => {
  const help = await start("--help").ended;
  expect(help).toMatchObject({ code: 0, error: "" });
  for (const option of ["--port", "--host", "--tls", "--cert", "--key", "--allow-basic"])
    expect(help.out).toContain(option);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  expect(await start("--version").ended).toEqual({ code: 0, out: `${version}\n`, error: "" });
});

test("says what is wrong with its arguments and ends with 2", async () => {
  expect(await start("simulate").ended).toEqual({
    code: 2,
    out: "",
    error: "hyperv-replica: simulate: expected the path of a scenario file\nTry: hyperv-replica --help\n",
  });
});

test("says why it cannot begin and ends with 1", async () => {
  const { code, out, error } = await start("simulate", "/nowhere.json", "--port", "0").ended;
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(error).toMatch(/^hyperv-replica: cannot read the scenario file \/nowhere\.json: ENOENT[^\n]*\n$/);
});
