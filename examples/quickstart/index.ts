import { ReplicaResync } from "pulumi-hyperv-replica";

// No `connection` here: it comes from the environment, HYPERV_REPLICA_HOST and its like. `npm start` sets it to a simulated
// host, so that nothing real is touched. Whoever runs this by other means chooses the host: HYPERV_REPLICA_SCENARIO with the
// path of a scenario file is a simulated one as well.

/** Has lost step with its replica: is resynchronized. */
export const web01 = summaryOf(new ReplicaResync("web01", { vm: "web01" }));

/** Replicates normally: is skipped, and says why. */
export const db01 = summaryOf(new ReplicaResync("db01", { vm: "db01" }));

/** A replica on this host whose own replica, at a third site, has lost step. */
export const app01 = summaryOf(new ReplicaResync("app01", { vm: "app01", relationship: "extended" }));

function summaryOf({ outcome, completionTime, returnCode, returnCodeName, reason }: ReplicaResync) {
  return { outcome, completionTime, returnCode, returnCodeName, reason };
}
