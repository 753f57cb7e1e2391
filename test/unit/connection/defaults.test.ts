import { withDefaults } from "../../../provider/connection/defaults";
import type { Connection } from "../../../provider/connection/fields";

test.each([
  ["win32", {}, "powershell"],
  ["linux", {}, "wsman"],
  ["darwin", {}, "wsman"],
  ["win32", { scenario: "lab.json" }, "simulator"],
  ["linux", { transport: "powershell" }, "powershell"],
] as const)("on %s the transport of %j is %s", (platform, given, transport) => {
  expect(withDefaults(given, platform).transport).toBe(transport);
});

test.each<[Connection, boolean, string]>([
  [{}, true, "negotiate"],
  [{ tls: false }, false, "negotiate"],
  [{ certificateFile: "client.pem" }, true, "certificate"],
  [{ certificateFile: "client.pem", username: "operator" }, true, "negotiate"],
  [{ auth: "kerberos" }, true, "kerberos"],
])("over WS-Management %j has tls %s and auth %s", (given, tls, auth) => {
  expect(withDefaults({ ...given, transport: "wsman" }, "linux")).toMatchObject({ tls, auth });
});

test.each<[Connection, boolean | undefined]>([
  [{ host: "h" }, false],
  [{ host: "h", auth: "basic" }, true],
  [{ host: "h", auth: "certificate" }, true],
  [{ host: "h", auth: "kerberos" }, false],
  [{ host: "h", port: 5986 }, true],
  [{ host: "h", port: 5986, tls: false }, false],
  [{}, undefined],
  [{ host: "h", protocol: "dcom" }, undefined],
  [{ host: "h", protocol: "ssh" }, undefined],
])("through PowerShell %j has tls %s", (given, tls) => {
  expect(withDefaults({ ...given, transport: "powershell" }, "linux").tls).toBe(tls);
});
