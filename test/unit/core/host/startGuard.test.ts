import { StartGuard } from "../../../../provider/core/host/startGuard";

test("a host has one queue, whatever its name's letter case", () => {
  const guard = new StartGuard();
  expect(guard.queueFor("hv01")).toBe(guard.queueFor("HV01"));
  expect(guard.queueFor("HV02")).not.toBe(guard.queueFor("HV01"));
});

test("no call has been made at first, and no other guard knows of one", () => {
  const one = new StartGuard();
  const other = new StartGuard();
  one.made.set("hv01 a primary", { atMs: 0, isAccepted: true, isTrusted: false });
  expect(other.made.size).toBe(0);
  expect(one.locks).not.toBe(other.locks);
  expect(one.queueFor("hv01")).not.toBe(other.queueFor("hv01"));
});
