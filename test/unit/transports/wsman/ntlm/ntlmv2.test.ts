import {
  directionKey,
  encryptSessionKey,
  fileTime,
  ntHash,
  ntlmv2Response,
  responseKey,
} from "../../../../../provider/transports/wsman/ntlm/ntlmv2";
import * as specification from "./specification";

const { common } = specification;

test("the hash of a password is MD4 of its UTF-16", () => {
  // MS-NLMP, section 4.2.2.1.2 (NTOWFv1).
  expect(ntHash(common.password).toString("hex")).toBe("a4f49c406510bdcab6824ee7c30fd852");
});

test("the response key is the one of MS-NLMP, section 4.2.4.1.1, whatever case the user's name is written in", () => {
  const hash = ntHash(common.password);
  expect(responseKey(hash, common)).toEqual(specification.ntowfv2);
  expect(responseKey(hash, { ...common, user: "uSER" })).toEqual(specification.ntowfv2);
  expect(responseKey(hash, { ...common, domain: "DOMAIN" })).not.toEqual(specification.ntowfv2);
});

test("response and session base key are those of MS-NLMP, sections 4.2.4.1.2, 4.2.4.1.3 and 4.2.4.2.2", () => {
  const { ntResponse, sessionBaseKey } = ntlmv2Response(specification.ntowfv2, {
    ...common,
    targetInfo: specification.targetInfo,
  });
  expect(ntResponse).toEqual(Buffer.concat([specification.ntProof, specification.temp]));
  expect(sessionBaseKey).toEqual(specification.sessionBaseKey);
});

test("the session key travels as in MS-NLMP, section 4.2.4.2.3", () => {
  expect(encryptSessionKey(specification.sessionBaseKey, common.sessionKey)).toEqual(specification.encryptedSessionKey);
});

test("the keys of the client's direction are those of MS-NLMP, section 4.2.4.4, and the host's are others", () => {
  expect(directionKey(common.sessionKey, "client-to-server", "sealing")).toEqual(specification.wrapped.sealKey);
  expect(directionKey(common.sessionKey, "client-to-server", "signing")).toEqual(specification.wrapped.signKey);
  const all = (["client-to-server", "server-to-client"] as const).flatMap((direction) =>
    (["sealing", "signing"] as const).map((use) => directionKey(common.sessionKey, direction, use).toString("hex")),
  );
  expect(new Set(all).size).toBe(4);
});

// The epochs are those of MS-DTYP, section 2.3.3, and of POSIX.
test.each([
  [-11_644_473_600_000, 0n],
  [0, 116_444_736_000_000_000n],
  [Date.UTC(2026, 8, 1, 12), 134_327_376_000_000_000n],
  [1_000.75, 116_444_736_010_000_000n],
])("%d ms since 1970 are %d steps of Windows file time", (ms, steps) => {
  expect(fileTime(ms).readBigUInt64LE()).toBe(steps);
});
