import {
  describeReturnCode,
  isAccepted,
  returnCodeName,
  returnCodeNames,
  returnCodes,
} from "../../../../provider/core/hyperv/returnCode";

test.each([
  [0, "Completed", "started"],
  [4096, "JobStarted", "started"],
  [32768, "Failed", "none"],
  [32769, "AccessDenied", "none"],
  [32770, "NotSupported", "none"],
  [32771, "StatusUnknown", "unknown"],
  [32772, "Timeout", "unknown"],
  [32773, "InvalidParameter", "none"],
  [32774, "SystemInUse", "none"],
  [32775, "InvalidState", "none"],
  [32776, "IncorrectDataType", "none"],
  [32777, "SystemNotAvailable", "none"],
  [32778, "OutOfMemory", "none"],
  [32779, "FileNotFound", "none"],
])("return code %d is %s, with effect %s", (code, name, effect) => {
  expect(returnCodeName(code)).toBe(name);
  expect(returnCodes.get(code)).toMatchObject({ name, effect });
  expect(isAccepted(code)).toBe(effect === "started");
});

test("the table holds the 14 documented codes and no other", () => {
  expect(returnCodes.size).toBe(14);
  expect(returnCodeNames).toEqual([...returnCodes.values()].map(({ name }) => name));
});

test.each([
  [0, "the request was accepted and no job was needed", "Nothing to do"],
  [4096, "the request was accepted and a job runs", "Nothing to do"],
  [
    32768,
    "the host could not start the resynchronization",
    "Check that the replica host answers and that the disks on both sides have the same size; the Hyper-V-VMMS event log of the host says more",
  ],
  [
    32769,
    "the account is not allowed to resynchronize",
    "Add the account to the Hyper-V Administrators group (S-1-5-32-578) or the local Administrators group of this host",
  ],
  [
    32770,
    "this VM, host or replication provider cannot resynchronize",
    "Check that replication is enabled for the VM, that it is not a test replica, and that a replica has an extended replica",
  ],
  [
    32771,
    "the host could not tell whether the resynchronization was started",
    "Run up again: it looks at the host before anything else is started",
  ],
  [
    32772,
    "the host stopped waiting and the resynchronization may have been started",
    "Run up again: it looks at the host before anything else is started",
  ],
  [
    32773,
    "the host refused the VM or the start time",
    "Check that the VM is on this host and that startTime lies at most 7 days ahead",
  ],
  [
    32774,
    "another operation holds the VM",
    "Wait for the backup, checkpoint, migration or failover that runs, then run up again",
  ],
  [
    32775,
    "the VM is in a state that does not allow a resynchronization",
    "Look at the replication state of the VM; one that waits for a failover to be completed must be completed first",
  ],
  [32776, "the host could not read the request", "Report this as a bug of the package"],
  [
    32777,
    "the VM or the host is not available",
    "Check that the Hyper-V Virtual Machine Management service runs and which node of the cluster owns the VM, then run up again",
  ],
  [32778, "the host is short of memory", "Free memory on the host, then run up again"],
  [
    32779,
    "a virtual disk, a tracking log or a configuration file is missing",
    "Check the storage paths of the VM on both hosts",
  ],
])("return code %d means: %s. %s", (code, meaning, remedy) => {
  expect(returnCodes.get(code)).toMatchObject({ meaning, remedy });
});

test.each([1, 4097, 32767, 32780, -1])("the undocumented code %d is named by its number and not accepted", (code) => {
  expect(returnCodeName(code)).toBe(`undocumented (${code})`);
  expect(isAccepted(code)).toBe(false);
});

test.each([
  [0, "0 (Completed)"],
  [32774, "32774 (SystemInUse)"],
  [5, "5 (undocumented)"],
])("return code %d is described as %s", (value, text) => {
  expect(describeReturnCode(value)).toBe(text);
});
