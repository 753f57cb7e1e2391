import { vmKeys } from "../../../../provider/transports/cim/vmKeys";

const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";

test("a VM and its relationships are selected by their keys, as hosts write them", () => {
  const ids = [0, 1].map((number) => `Microsoft:5F0C2A9E-0D1B-4C77-9A52-3C1D6B7E8F90\\HVR\\${number}`);
  expect(vmKeys("Msvm_ComputerSystem", vmId)).toEqual({
    property: "Name",
    values: ["5F0C2A9E-0D1B-4C77-9A52-3C1D6B7E8F90"],
  });
  expect(vmKeys("Msvm_ReplicationRelationship", vmId)).toEqual({ property: "InstanceID", values: ids });
  expect(vmKeys("Msvm_ReplicationSettingData", vmId)).toEqual({ property: "InstanceID", values: ids });
});

test.each(["Msvm_ConcreteJob", "Msvm_AffectedJobElement"] as const)("%s is read whole", (className) => {
  expect(vmKeys(className, vmId)).toBeUndefined();
});
