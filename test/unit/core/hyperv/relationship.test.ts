import {
  hyperVReplicaProviderId,
  replicationModeName,
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

test("job type 107 resynchronizes the primary link, 121 the extended one", () => {
  expect(resyncJobType).toEqual({ primary: 107, extended: 121 });
});

test("the provider that can be asked is Hyper-V's own", () => {
  expect(hyperVReplicaProviderId).toBe("22391cdc-272c-4ddf-ba88-9befb1a0975c");
});
