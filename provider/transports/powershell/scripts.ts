import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The script files, in the order in which they are loaded. */
const scriptFiles: readonly string[] = [
  "wire.ps1",
  "value.ps1",
  "errorRecord.ps1",
  "session.ps1",
  "cim.ps1",
  "cimSession.ps1",
  "remoteSession.ps1",
  "replication.ps1",
  "getHvReplicaVersion.ps1",
  "connectHvReplicaHost.ps1",
  "getHvReplicaService.ps1",
  "getHvReplicaRows.ps1",
  "getHvReplicaHealth.ps1",
  "startHvReplicaResync.ps1",
  "requestHvReplicaState.ps1",
  "invokeHvReplica.ps1",
];

/** The text of all scripts, as it is loaded into every process. */
export function readScripts(): string {
  return scriptFiles.map((name) => readFileSync(join(__dirname, "scripts", name), "utf8")).join("\n");
}
