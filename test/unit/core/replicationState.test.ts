import {
  replicationHealthName,
  replicationStateName,
  replicationStates,
} from "../../../provider/core/replicationState";

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
});

test("the table holds the 22 states and no other", () => {
  expect(replicationStates.size).toBe(22);
});

test("every state that is refused says what to do first", () => {
  for (const { readiness, remedy } of replicationStates.values()) {
    if (readiness === "refused") expect(remedy).toMatch(/\w/);
  }
});

test("the remedies of states 8 and 11 name the cmdlet", () => {
  expect(replicationStates.get(8)?.remedy).toContain("Resume-VMReplication");
  expect(replicationStates.get(11)?.remedy).toContain("Resume-VMReplication -Continue");
});

test("a state that is not known is named by its number", () => {
  expect(replicationStateName(22)).toBe("unknown (22)");
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
