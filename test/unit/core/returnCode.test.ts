import { describeReturnCode, isAccepted, returnCodeName, returnCodes } from "../../../provider/core/returnCode";

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
});

test.each([...returnCodes])("return code %d comes with a meaning and a remedy", (_code, { meaning, remedy }) => {
  expect(meaning).not.toBe("");
  expect(remedy).not.toBe("");
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
