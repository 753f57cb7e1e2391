import { encodeAuthenticate, encodeNegotiate, setMic } from "../../../../../provider/transports/wsman/ntlm/messages";
import { utf16 } from "../../../../../provider/transports/wsman/ntlm/ntlmv2";
import { authenticateMessage, common, encryptedSessionKey, hex, lmv2Response, ntProof, temp } from "./specification";

test("NEGOTIATE offers what this client can, and names nobody", () => {
  expect(encodeNegotiate()).toEqual(
    hex("4e544c4d53535000 01000000 358288e2 0000000028000000 0000000028000000 0a0000000000000f"),
  );
});

/** Where the fields of an AUTHENTICATE have their offset. Source: MS-NLMP, section 2.2.1.3. */
const offsetFields = [16, 24, 32, 40, 48, 56];

/** What section 4.2.4.3 has, with room for a MIC and the version of this client. */
function authenticateWithMic(mic: Buffer): Buffer {
  const message = Buffer.concat([authenticateMessage.subarray(0, 72), mic, authenticateMessage.subarray(72)]);
  for (const at of offsetFields) message.writeUInt32LE(message.readUInt32LE(at) + mic.length, at);
  hex("0a0000000000000f").copy(message, 64);
  return message;
}

const fields = {
  flags: 0xe288_8235,
  domain: utf16(common.domain),
  user: utf16(common.user),
  workstation: utf16(common.workstation),
  lmResponse: lmv2Response,
  ntResponse: Buffer.concat([ntProof, temp]),
  sessionKey: encryptedSessionKey,
};

test("AUTHENTICATE is the one of MS-NLMP, section 4.2.4.3, with a MIC", () => {
  const message = encodeAuthenticate(fields);
  expect(message).toEqual(authenticateWithMic(Buffer.alloc(16)));
  setMic(message, hex("00112233445566778899aabbccddeeff"));
  expect(message).toEqual(authenticateWithMic(hex("00112233445566778899aabbccddeeff")));
});

test("AUTHENTICATE has no version when the host has not agreed to one, and its fields stay where they are", () => {
  const message = encodeAuthenticate({ ...fields, flags: 0xe088_8235 });
  const expected = authenticateWithMic(Buffer.alloc(16));
  hex("358288e0 0000000000000000").copy(expected, 60);
  expect(message).toEqual(expected);
});
