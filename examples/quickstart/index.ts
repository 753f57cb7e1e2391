import { ReplicaResync } from "pulumi-hyperv-replica";

// No `connection` here: it comes from the environment (HYPERV_REPLICA_HOST and others). `npm start` sets it to a simulated
// host, so that no real one is contacted. To run this program in another way, choose the host yourself: HYPERV_REPLICA_SCENARIO
// with the path of a scenario file is a simulated host too.

/** Its replica is out of sync: it is resynchronized. */
export const web01 = summaryOf(new ReplicaResync("web01", { vm: "web01" }));

/** Replicates normally: it is skipped, with the reason. */
export const db01 = summaryOf(new ReplicaResync("db01", { vm: "db01" }));

/** A replica on this host whose own replica, at a third site, is out of sync. */
export const app01 = summaryOf(new ReplicaResync("app01", { vm: "app01", relationship: "extended" }));

function summaryOf({ outcome, completionTime, returnCode, request, reason }: ReplicaResync) {
  return { outcome, completionTime, returnCode, returnCodeName: request.returnCodeName, reason };
}
