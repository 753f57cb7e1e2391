import { agreeOn, negotiateFlag, offeredFlags } from "../../../../../provider/transports/wsman/ntlm/flags";
import { isReplicaResyncError } from "../../../../../provider/core/errors";
import { authenticateMessage } from "./specification";

test("what is offered is what the client of MS-NLMP, section 4.2.4.3, ends with", () => {
  expect(offeredFlags.toString(16)).toBe(authenticateMessage.readUInt32LE(60).toString(16));
});

test("what is agreed on is what both sides can, as an unsigned number", () => {
  expect(agreeOn(0xffff_ffff)).toBe(offeredFlags);
  expect(agreeOn((offeredFlags & ~negotiateFlag.key56 & ~negotiateFlag.version) >>> 0)).toBe(0x6088_8235);
});

test.each([
  ["unicode", "Unicode names"],
  ["extendedSessionSecurity", "extended session security"],
  ["targetInfo", "the target information of NTLMv2"],
  ["sign", "signing"],
  ["seal", "sealing"],
  ["key128", "128-bit keys"],
  ["keyExchange", "key exchange"],
] as const)("a host without %s is refused with a sentence and for good", (name, words) => {
  let error: unknown;
  try {
    agreeOn((offeredFlags & ~negotiateFlag[name]) >>> 0);
  } catch (thrown) {
    error = thrown;
  }
  expect(isReplicaResyncError(error) && { code: error.code, message: error.message }).toEqual({
    code: "AUTH_FAILED",
    message:
      `the host offers an NTLM without ${words}, which is refused. Let the host's security policy allow ` +
      "NTLMv2 with 128-bit session security, or choose another authentication",
  });
});

test("all that a host of NTLMv1 lacks is named at once", () => {
  expect(() => agreeOn(0x0000_8207)).toThrow(
    /without extended session security, the target information of NTLMv2, signing, sealing, 128-bit keys, key exchange,/,
  );
});
