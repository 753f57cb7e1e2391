import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { SimulatorAdministration, type ScenarioInput } from "../../../../provider/simulator";
import { openPowerShellHost } from "../../../../provider/transports/powershell/powershellHost";
import { startShell } from "../../../../provider/transports/powershell/shellProcess";
import { standIn } from "../../../emulators/powershell/standIn";
import { removeScenarioFiles, scenarioFile } from "../../simulator/lab";

afterAll(removeScenarioFiles);

const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const options = { signal: new AbortController().signal };
const web01 = { name: "web01", id: vmId, state: "resynchronizationRequired" } as const;

function prepare(more: Partial<ScenarioInput> = {}) {
  const scenario = scenarioFile({ name: "HV01", clock: { speed: 0 }, machines: [web01], ...more });
  const record = scenario.replace(/\.json$/, ".record.txt");
  const { executable, environment } = standIn({ scenario, record });
  const lines = () => readFileSync(record, "utf8").trimEnd().split("\n");
  return { scenario, executable, environment, lines };
}

const hostile = [
  `it's "quoted" ‘so’ “and so”`,
  "$(throw 1) ${env:TEMP} `n `$x",
  "'; Remove-Item -Recurse C:\\ #",
  "line\r\nbreak\u0000NUL",
  "2030-01-07T12:00:00Z",
  "東京のサーバー🖥️",
  "x".repeat(100_000),
] as const;

/** All that may ever be written to the process, whatever the data are. */
const known = [
  /^\[Console\]::(Out|Error)\.WriteLine\("[0-9A-Za-z]{16}"\)$/,
  /^\. \(\[ScriptBlock\]::Create\(\[Text\.Encoding\]::UTF8\.GetString\(\[Convert\]::FromBase64String\('[A-Za-z0-9+/=]+'\)\)\)\)$/,
  /^Invoke-HvReplica '[A-Za-z0-9+/=]+'$/,
];

test.each(hostile.map((text) => ({ text, shown: JSON.stringify(text.slice(0, 20)) })))(
  "a VM and a password arrive as they are, and only inside base64: $shown",
  async ({ text }) => {
    // No VM and no account has a longer name.
    const name = text.slice(0, 200);
    const accounts = [{ user: name, password: text, rights: "administrator" }] as const;
    const { executable, environment, lines, scenario } = prepare({
      accounts: [...accounts],
      machines: [{ ...web01, name }],
    });
    const connection = { host: "HV01", executable, username: name, password: text };
    const { host } = openPowerShellHost(connection, { environment });
    try {
      expect((await host.readVms(options)).get(vmId)).toMatchObject({ vmId, vmName: name });
      expect(await host.readVm(vmId, options)).toMatchObject({ vmId, vmName: name });
      expect(await host.startResync({ vmId }, options)).toMatchObject({ returnCode: 4096 });
    } finally {
      await host.close();
    }
    const [first = "", ...rest] = lines();
    expect(rest.filter((line) => !known.some((one) => one.test(line)))).toEqual([]);
    // Neither on the command line nor in the environment; and what is encrypted cannot be read from what was written.
    const base64 = Buffer.from(text).toString("base64").replace(/=+$/, "");
    for (const secret of [JSON.stringify(text).slice(1, -1), base64]) expect(first).not.toContain(secret);
    const written = rest.map((line) => Buffer.from(/'([^']+)'/.exec(line)?.[1] ?? "", "base64").toString());
    const connects = written.filter((line) => line.includes('"Connect-HvReplicaHost"'));
    expect(connects).toHaveLength(1);
    const { argument } = JSON.parse(connects[0] ?? "{}") as { argument: string };
    const sent = JSON.parse(Buffer.from(argument, "base64").toString()) as object;
    expect(Object.keys(sent)).not.toContain("password");
    const { userName: _user, ...others } = { userName: "", ...sent };
    expect(JSON.stringify(others)).not.toContain(JSON.stringify(text).slice(1, -1));
    const calls = (await SimulatorAdministration.open(scenario).readJournal()).map(({ machine }) => machine);
    expect(calls.at(-1)).toBe(name);
  },
);

/** Resident memory of a process, in kB; where the system does not tell there is nothing to see. */
function residentKb(pid: number): number | undefined {
  try {
    return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }));
  } catch {
    return undefined;
  }
}

test("1,000 polls go through one process, keep no history and do not grow", async () => {
  const { executable, environment, lines } = prepare();
  let history: readonly unknown[] | undefined;
  const { host } = openPowerShellHost(
    { host: "HV01", executable },
    {
      environment,
      start: (...given) => {
        const process = startShell(...given);
        const shell: unknown = Reflect.get(process, "shell");
        history = Reflect.get(Object(shell) as object, "history") as readonly unknown[];
        return process;
      },
    },
  );
  const polls = async (count: number): Promise<void> => {
    for (let nth = 0; nth < count; nth += 1) await host.readResyncJobs(options);
  };
  try {
    await polls(300);
    const { pid } = JSON.parse(lines()[0] ?? "{}") as { pid: number };
    const before = [residentKb(pid), process.memoryUsage().heapUsed / 1024];
    await polls(700);
    global.gc?.();
    const after = [residentKb(pid), process.memoryUsage().heapUsed / 1024];
    expect(history).toEqual([]);
    // As much as garbage collectors leave lying: a leak of a kilobyte a poll would show in neither, so look at it too.
    process.stdout.write(`1,000 polls: resident and own memory in kB ${before.join(", ")}, then ${after.join(", ")}\n`);
    const [theirs = 0, ours = 0] = after;
    expect(theirs - (before[0] ?? 0)).toBeLessThan(40_000);
    expect(ours - (before[1] ?? 0)).toBeLessThan(60_000);
  } finally {
    await host.close();
  }
  const starts = lines().filter((line) => line.startsWith("{"));
  expect(starts).toHaveLength(1);
});

test("the runner itself is named by its own name in messages", () => {
  const { host } = openPowerShellHost({}, { platform: "win32" });
  expect(host.address).not.toBe("");
});
