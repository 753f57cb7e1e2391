import { translate } from "../../../../provider/transports/powershell/remoteError";

const context = { host: "hv01", step: "call Resynchronize" };
const error = {
  message: "Zugriff verweigert ",
  type: "Microsoft.Management.Infrastructure.CimException",
  hresult: 0x80041003 as number | null,
  category: "PermissionDenied",
  errorId: "HRESULT 0x80041003,Get-CimInstance",
  isSent: true,
};

test.each([
  [0x80041003, "ACCESS_DENIED", "none", /0x80041003 \(2147749891, WBEM_E_ACCESS_DENIED\), Zugriff verweigert/],
  [0x80070005, "ACCESS_DENIED", "none", /S-1-5-32-578/],
  [0x5, "ACCESS_DENIED", "none", /0x00000005 \(5, ERROR_ACCESS_DENIED\)/],
  [0x80041002, "NOT_FOUND", "none", /WBEM_E_NOT_FOUND/],
  [0x8007052e, "AUTH_FAILED", "none", /Check the user name, the password/],
  [0x80338012, "UNREACHABLE", "none", /winrm quickconfig/],
  [0x80338126, "SESSION_LOST", "unknown", /ERROR_WSMAN_NETWORK_TIMEDOUT/],
  [0x80338029, "SESSION_LOST", "unknown", /ERROR_WSMAN_OPERATION_TIMEDOUT/],
  [0x8004100e, "CIM_FAULT", "none", /Hyper-V role/],
  [0x80338041, "CIM_FAULT", "unknown", /ERROR_WSMAN_SCHEMA_VALIDATION_ERROR/],
  [0x80041001, "CIM_FAULT", "unknown", /WBEM_E_FAILED/],
  [0x80041fff, "CIM_FAULT", "unknown", /0x80041FFF \(2147753983\)/],
])("a change that is answered with 0x%s is %s with the effect %s", (hresult, code, effect, says) => {
  const translated = translate({ ...error, hresult }, { context, isChange: true, isConnect: false });
  expect(translated).toMatchObject({ code, effect, context });
  expect(translated.message).toMatch(says);
});

test.each([
  ["a reading", { isChange: false, isConnect: false }, true],
  ["a change that was not sent", { isChange: true, isConnect: false }, false],
])("%s has no effect, whatever the number is", (_, doing, isSent) => {
  for (const hresult of [0x80338126, 0x80041001, null]) {
    expect(translate({ ...error, hresult, isSent }, { context, ...doing }).effect).toBe("none");
  }
});

test("a way to the host that breaks off is no way", () => {
  const doing = { context, isChange: false, isConnect: true };
  expect(translate({ ...error, hresult: 0x80338126, isSent: false }, doing)).toMatchObject({ code: "UNREACHABLE" });
});

test("a reply that was lost on the other side leaves open what came of a change", () => {
  const lost = { ...error, hresult: null, errorId: "HvReplicaReplyLost" };
  expect(translate(lost, { context, isChange: true, isConnect: false })).toMatchObject({
    code: "SESSION_LOST",
    effect: "unknown",
    isBeforeCall: false,
  });
});

test.each([
  [true, "UNREACHABLE"],
  [false, "SESSION_LOST"],
])("a session of PowerShell that could not be opened, or broke (%s), is %s", (isConnect, code) => {
  const broken = { ...error, hresult: null, errorId: "2100,PSSessionOpenFailed", isSent: false };
  const translated = translate(broken, { context, isChange: true, isConnect });
  expect(translated).toMatchObject({ code, effect: "none", isBeforeCall: true });
  expect(translated.message).toContain("SSH service runs");
});

test.each([
  ["HvReplicaNeedsPowerShell7", /to a PowerShell 7/],
  ["HvReplicaProtocolMismatch", /of one version/],
  ["HvReplicaNoCimCmdlets,Connect-HvReplicaHost", /has no CIM cmdlets/],
  ["CommandNotFoundException", /has this package's module/],
  ["ParameterBindingFailed", /See the message of PowerShell/],
])("the error %s, which has no number, says what to do", (errorId, remedy) => {
  const translated = translate({ ...error, hresult: null, errorId }, { context, isChange: true, isConnect: false });
  expect(translated).toMatchObject({ code: "CIM_FAULT", effect: "unknown" });
  expect(translated.message).toMatch(remedy);
});

test("an error without a message is told by its category and id", () => {
  const translated = translate({ ...error, message: " " }, { context, isChange: false, isConnect: false });
  expect(translated.message).toContain("PermissionDenied, HRESULT 0x80041003,Get-CimInstance");
});
