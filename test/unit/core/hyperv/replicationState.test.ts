import {
  describeState,
  replicationHealthName,
  replicationHealthNames,
  replicationStateName,
  replicationStateNames,
  replicationStates,
} from "../../../../provider/core/hyperv/replicationState";

test.each([
  [0, "disabled", "refused", "removed"],
  [1, "readyForReplication", "refused", "ended"],
  [2, "waitingToCompleteInitialReplication", "refused", "ended"],
  [3, "replicating", "healthy", "done"],
  [4, "syncedReplicationComplete", "refused", "failedOver"],
  [5, "recovered", "refused", "failedOver"],
  [6, "committed", "refused", "failedOver"],
  [7, "suspended", "suspended", "paused"],
  [8, "critical", "refused", "fellBack"],
  [9, "resynchronizationRequired", "needsResync", "waiting"],
  [10, "resynchronizing", "resynchronizing", "running"],
  [11, "resynchronizationSuspended", "refused", "paused"],
  [12, "failoverInProgress", "refused", "failedOver"],
  [13, "failbackInProgress", "refused", "failedOver"],
  [14, "failbackComplete", "refused", "failedOver"],
  [15, "diskUpdateInProgress", "refused", "waiting"],
  [16, "diskUpdateCritical", "refused", "ended"],
  [17, "unknown", "refused", "unexpected"],
  [18, "repurposeReplicationInProgress", "refused", "ended"],
  [19, "preparedForSyncReplication", "refused", "ended"],
  [20, "preparedForGroupReverseReplication", "refused", "ended"],
  [21, "firedrillInProgress", "refused", "ended"],
])("ReplicationState %d is %s: %s before a request, %s while one is waited for", (value, name, readiness, meaning) => {
  expect(replicationStates.get(value)).toMatchObject({ name, readiness, whileWaiting: meaning });
  expect(replicationStateName(value)).toBe(name);
  expect(describeState(value)).toBe(`${value} (${name})`);
});

test("the table holds the 22 states and no other", () => {
  expect(replicationStates.size).toBe(22);
  expect(replicationStateNames).toEqual([...replicationStates.values()].map(({ name }) => name));
});

test.each([
  [[0], "Enable replication for the VM first"],
  [[1, 2], "Let the initial replication finish first"],
  [[3, 9, 10], undefined],
  [[4, 5, 6, 12, 13, 14], "Complete or cancel the failover first, then set the direction of replication"],
  [[7], "Resume replication: Resume-VMReplication"],
  [[8], "Resume replication first: Resume-VMReplication"],
  [[11], "Let the paused resynchronization continue: Resume-VMReplication -Continue"],
  [[15], "Let the change of the replicated disks finish first"],
  [[16], "Repair the failed change of the replicated disks first"],
  [[17], "The host does not know the state itself: look at it in Hyper-V Manager"],
  [[18, 19], "Let the operation that runs finish first"],
  [[20], "Let the group's reverse replication finish first"],
  [[21], "Let the test failover of the group finish first"],
])("in the states %j the way to a resynchronization is: %s", (values, remedy) => {
  expect(values.map((value) => replicationStates.get(value)?.remedy)).toEqual(values.map(() => remedy));
});

test("a state that is not known is named by its number", () => {
  expect(replicationStateName(22)).toBe("unknown (22)");
  expect(describeState(22)).toBe("22 (not a known state)");
});

test.each([
  [0, "notApplicable"],
  [1, "ok"],
  [2, "warning"],
  [3, "critical"],
  [4, "unknown (4)"],
])("ReplicationHealth %d is %s", (value, name) => {
  expect(replicationHealthName(value)).toBe(name);
});

test("the names of the health are those of its values", () => {
  expect(replicationHealthNames).toEqual([0, 1, 2, 3].map(replicationHealthName));
});

test("where there is no relationship its state is none", () => {
  expect(replicationStateName(null)).toBe("none");
});
