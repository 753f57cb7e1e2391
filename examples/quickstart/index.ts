import { ReplicaResync } from "pulumi-hyperv-replica";

// A simulated host, so that nothing real is touched. Its file is made by `npm start`.
const scenario = process.env.QUICKSTART_SCENARIO ?? "../../.simulated-host/quickstart.json";
const connection = { transport: "simulator", scenario } as const;

/** Has lost step with its replica: is resynchronized. */
export const web01 = summaryOf(new ReplicaResync("web01", { vm: "web01", connection }));

/** Replicates normally: is skipped, and says why. */
export const db01 = summaryOf(new ReplicaResync("db01", { vm: "db01", connection }));

/** A replica on this host whose own replica, at a third site, has lost step. */
export const app01 = summaryOf(new ReplicaResync("app01", { vm: "app01", relationship: "extended", connection }));

function summaryOf({ outcome, completionTime, returnCode, returnCodeName, reason }: ReplicaResync) {
  return { outcome, completionTime, returnCode, returnCodeName, reason };
}
