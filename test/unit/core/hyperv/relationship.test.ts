import {
  hyperVReplicaProviderId,
  replicationMode,
  replicationModeName,
  replicationModeNames,
  resyncJobType,
} from "../../../../provider/core/hyperv/relationship";

test.each([
  [0, "none"],
  [1, "primary"],
  [2, "replica"],
  [3, "testReplica"],
  [4, "extendedReplica"],
  [5, "unknown (5)"],
])("ReplicationMode %d is %s", (mode, name) => {
  expect(replicationModeName(mode)).toBe(name);
});

test("job type 107 resynchronizes the primary relationship, 121 the extended one", () => {
  expect(resyncJobType).toEqual({ primary: 107, extended: 121 });
});

test("the provider that can be asked is Hyper-V's own", () => {
  expect(hyperVReplicaProviderId).toBe("22391cdc-272c-4ddf-ba88-9befb1a0975c");
});

test("the names of the modes are those of the values", () => {
  expect(replicationModeNames).toEqual(Object.values(replicationMode).map(replicationModeName));
});
