import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { SimulatorAdministration } from "../../../../provider/simulator";
import { openWsmanHost } from "../../../../provider/transports/wsman/wsmanHost";
import { removeScenarioFiles, scenarioFile } from "../../simulator/lab";
import { replicationHostContract } from "../../../contract/replicationHostContract";
jest.setTimeout(30_000);
const children: ChildProcess[] = [];
afterEach(() => {
  for (const c of children.splice(0)) c.kill("SIGKILL");
});
afterAll(removeScenarioFiles);
replicationHostContract("ntlm", async (scenario, credentials) => {
  const scenarioPath = scenarioFile(scenario);
  const child = spawn(
    "/work/wsman/node_modules/.bin/tsx",
    ["/work/wsman/provider/cli/main.ts", "simulate", scenarioPath, "--port", "0"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.push(child);
  let text = "";
  child.stdout!.setEncoding("utf8");
  child.stdout!.on("data", (chunk: string) => {
    text += chunk;
  });
  while (!text.includes("\n")) await once(child.stdout!, "data");
  const url = new URL(text.split("\n")[0] as string);
  const opened = openWsmanHost(
    {
      host: url.hostname,
      port: Number(url.port),
      tls: false,
      username: credentials?.username ?? scenario.accounts?.[0]?.user ?? "operator",
      password: credentials?.password ?? scenario.accounts?.[0]?.password ?? "simulated",
    },
    { environment: {} },
  );
  return { ...opened, administration: SimulatorAdministration.open(scenarioPath), scenarioPath };
});
