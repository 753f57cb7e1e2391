import { execFileSync } from "node:child_process";
import path from "node:path";
import { z } from "zod";

const root = path.join(__dirname, "..", "..");

/** What a plugin does first: inputs are checked, and then a host is opened where one is given. */
const program = `
const lifecycle = require("pulumi-hyperv-replica/lifecycle");
const news = JSON.parse(process.argv[1]);
lifecycle.check({}, news).then(({ failures }) => {
  if (failures.length > 0) throw new Error(JSON.stringify(failures));
  const { openHost } = require(process.argv[2]);
  if (process.argv[3] !== "") openHost(JSON.parse(process.argv[3]), process.platform);
  console.log(JSON.stringify(Object.keys(require.cache)));
  process.exit();
});
`;

/** Folders of the built package from which a process has loaded modules after a check, and after opening a host. */
function foldersLoaded(connection: object, opened?: object): string[] {
  const openHost = path.join(root, "dist", "connection", "openHost.js");
  const news = JSON.stringify({ vm: "web01", connection });
  const args = ["-e", program, news, openHost, opened === undefined ? "" : JSON.stringify(opened)];
  const stdout = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  const files = z.array(z.string()).parse(JSON.parse(stdout));
  const folders = files
    .map((file) => path.relative(path.join(root, "dist"), file).split(path.sep).join("/"))
    .flatMap((file) => /^(transports\/(?!systemClock)[^/]+|simulator)\//.exec(file)?.[1] ?? []);
  return [...new Set(folders)].sort();
}

const wsman = { transport: "wsman", host: "hv01", username: "operator", password: "simulated" };
const powershell = { transport: "powershell", host: "hv01" };

test.each([wsman, powershell, { scenario: "lab.json" }])("a check loads no transport: %j", (connection) => {
  expect(foldersLoaded(connection)).toEqual([]);
});

test("a plugin loads the transport that a connection asks for, and no other", () => {
  expect(foldersLoaded(wsman, { ...wsman, tls: true, auth: "negotiate" })).toEqual([
    "transports/cim",
    "transports/wsman",
  ]);
  expect(foldersLoaded(powershell, powershell)).toEqual(["transports/cim", "transports/powershell"]);
});
