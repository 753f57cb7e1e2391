import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The script files, in the order in which they are loaded: what the functions share, then the functions. */
const scriptFiles: readonly string[] = [
  "shared/wire.ps1",
  "shared/value.ps1",
  "shared/errorRecord.ps1",
  "shared/session.ps1",
  "shared/cim.ps1",
  "shared/cimSession.ps1",
  "shared/remoteSession.ps1",
  "shared/replication.ps1",
  "functions/getHvReplicaVersion.ps1",
  "functions/connectHvReplicaHost.ps1",
  "functions/getHvReplicaService.ps1",
  "functions/getHvReplicaRows.ps1",
  "functions/getHvReplicaHealth.ps1",
  "functions/startHvReplicaResync.ps1",
  "functions/requestHvReplicaState.ps1",
  "functions/invokeHvReplica.ps1",
];

/** The text of all scripts, as it is loaded into every process. */
export function readScripts(): string {
  return scriptFiles.map((name) => readFileSync(join(__dirname, "scripts", name), "utf8")).join("\n");
}
