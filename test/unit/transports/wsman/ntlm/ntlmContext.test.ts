import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import { avId, encodeAvPairs, parseAvPairs } from "../../../../../provider/transports/wsman/ntlm/avPairs";
import { MessageStream } from "../../../../../provider/transports/wsman/ntlm/messageStream";
import { createNtlmContext, type NtlmOptions } from "../../../../../provider/transports/wsman/ntlm/ntlmContext";
import { ntlmv2Response } from "../../../../../provider/transports/wsman/ntlm/ntlmv2";
import { challengeMessage, common, encryptedSessionKey, hex, ntowfv2, targetInfo } from "./specification";

const epoch = Date.UTC(2026, 8, 1, 12);
const hostTime = hex("0011223344556677");

function optionsWith(changes: Partial<NtlmOptions> = {}): NtlmOptions {
  const random = (size: number) => (size === 8 ? common.clientChallenge : common.sessionKey);
  return { username: "Domain\\User", password: common.password, random, now: () => epoch, ...changes };
}

/** The CHALLENGE of the specification, with more pairs. */
function challengeWith(...pairs: readonly { id: number; value: Buffer }[]): Buffer {
  const info = encodeAvPairs([...parseAvPairs(targetInfo), ...pairs]);
  const message = Buffer.concat([challengeMessage.subarray(0, 68), info]);
  message.writeUInt16LE(info.length, 40);
  return message;
}

/** A field of an AUTHENTICATE. Source: MS-NLMP, section 2.2.1.3. */
function fieldAt(message: Buffer, at: number): Buffer {
  const offset = message.readUInt32LE(at + 4);
  return message.subarray(offset, offset + message.readUInt16LE(at));
}
const [lmField, ntField, domainField, userField, workstationField, keyField] = [12, 20, 28, 36, 44, 52] as const;

async function authenticate(challenge: Buffer, changes?: Partial<NtlmOptions>) {
  const context = createNtlmContext(optionsWith(changes));
  const negotiate = await context.step();
  const message = await context.step(challenge);
  if (negotiate === undefined || message === undefined) throw new Error("a message is missing");
  const sent = fieldAt(message, ntField).subarray(16 + 28);
  return { context, negotiate, message, sent: parseAvPairs(sent) };
}

test("the response is the one of NTLMv2 to what is sent, with the host's time", async () => {
  const { message } = await authenticate(challengeWith({ id: avId.timestamp, value: hostTime }));
  const blob = fieldAt(message, ntField).subarray(16);
  const expected = ntlmv2Response(ntowfv2, { ...common, time: hostTime, targetInfo: blob.subarray(28, -4) });
  expect(fieldAt(message, ntField)).toEqual(expected.ntResponse);
  expect(fieldAt(message, lmField)).toEqual(Buffer.alloc(24));
  expect(message.readUInt32LE(60)).toBe(0xe288_8231);
});

test("the clock stands in for a host that does not send its time", async () => {
  const { message } = await authenticate(challengeMessage);
  expect(fieldAt(message, ntField).readBigUInt64LE(16 + 8)).toBe(134_327_376_000_000_000n);
});

test("the host's pairs come back, with what this client says instead of what a host says in its place", async () => {
  const { sent } = await authenticate(
    challengeWith(
      { id: avId.channelBindings, value: Buffer.alloc(16, 1) },
      { id: avId.flags, value: hex("05000080") },
      { id: avId.targetName, value: Buffer.from("HTTP/elsewhere", "utf16le") },
      { id: 0x55, value: hex("0102") },
    ),
    { channelBinding: hex("6586e99d81c2fc984e47172fd4dd0310"), targetName: "HTTP/hv01" },
  );
  expect(sent).toEqual([
    ...parseAvPairs(targetInfo),
    { id: 0x55, value: hex("0102") },
    { id: avId.flags, value: hex("07000080") },
    { id: avId.channelBindings, value: hex("6586e99d81c2fc984e47172fd4dd0310") },
    { id: avId.targetName, value: Buffer.from("HTTP/hv01", "utf16le") },
  ]);
});

test("nothing is said of a channel binding or a service that is not known", async () => {
  const { sent } = await authenticate(challengeMessage);
  expect(sent).toEqual([...parseAvPairs(targetInfo), { id: avId.flags, value: hex("02000000") }]);
});

test("the MIC is the one of all three messages as they travelled", async () => {
  const challenge = Buffer.concat([challengeMessage, Buffer.from("behind")]);
  const { negotiate, message } = await authenticate(challenge);
  const zeroed = Buffer.from(message).fill(0, 72, 88);
  const mic = createHmac("md5", common.sessionKey).update(negotiate).update(challenge).update(zeroed).digest();
  expect(message.subarray(72, 88)).toEqual(mic);
});

test("the session key travels under the key that the response leads to", async () => {
  const { message } = await authenticate(challengeMessage);
  // Other than in MS-NLMP, section 4.2.4.2.3, for the client's pairs are part of the response.
  expect(fieldAt(message, keyField)).toHaveLength(16);
  expect(fieldAt(message, keyField)).not.toEqual(encryptedSessionKey);
  expect(fieldAt(message, keyField)).not.toEqual(common.sessionKey);
});

test.each([
  ["Domain\\User", "Domain", "User"],
  ["User@domain.example", "", "User@domain.example"],
  ["User", "", "User"],
])("%s is sent as domain %j and user %j", async (username, domain, user) => {
  const { message } = await authenticate(challengeMessage, { username, workstation: "RUNNER" });
  const sent = [domainField, userField, workstationField].map((at) => fieldAt(message, at).toString("utf16le"));
  expect(sent).toEqual([domain, user, "RUNNER"]);
});

test("messages are encrypted for the host, and the host's opened, several in a row", async () => {
  const { context } = await authenticate(challengeMessage);
  const host = {
    incoming: new MessageStream(common.sessionKey, "client-to-server"),
    outgoing: new MessageStream(common.sessionKey, "server-to-client"),
  };
  for (const text of ["Enumerate", "", "Pull", "Invoke"]) {
    const { header, data } = await context.seal(Buffer.from(text));
    expect(host.incoming.unseal(header, data).toString()).toBe(text);
    const reply = host.outgoing.seal(Buffer.from(`${text}Response`));
    expect((await context.unseal(reply.header, reply.data)).toString()).toBe(`${text}Response`);
  }
});

test("messages that are encrypted at once keep their order", async () => {
  const { context } = await authenticate(challengeMessage);
  const host = new MessageStream(common.sessionKey, "client-to-server");
  const sealed = await Promise.all(["a", "b", "c"].map(async (text) => context.seal(Buffer.from(text))));
  expect(sealed.map(({ header, data }) => host.unseal(header, data).toString())).toEqual(["a", "b", "c"]);
});

test("a message that cannot be opened ends the context", async () => {
  const { context } = await authenticate(challengeMessage);
  const { header, data } = new MessageStream(common.sessionKey, "server-to-client").seal(Buffer.from("reply"));
  await expect(context.unseal(Buffer.alloc(16), data)).rejects.toThrow(/signature/);
  expect(context.isEstablished).toBe(false);
  await expect(context.unseal(header, data)).rejects.toThrow("an NTLM context that is ended seals and opens nothing");
  await expect(context.seal(data)).rejects.toThrow("an NTLM context that is ended seals and opens nothing");
});

test("it is established from its last message on, under the scheme Negotiate", async () => {
  const context = createNtlmContext(optionsWith());
  expect([context.scheme, context.isEstablished]).toEqual(["Negotiate", false]);
  await expect(context.seal(Buffer.alloc(1))).rejects.toThrow("an NTLM context that is new seals and opens nothing");
  await context.step();
  expect(context.isEstablished).toBe(false);
  await context.step(challengeMessage);
  expect(context.isEstablished).toBe(true);
  expect(await context.step(Buffer.alloc(0))).toBeUndefined();
  await expect(context.step(challengeMessage)).rejects.toMatchObject({
    code: "BAD_REPLY",
    message: "the host continues NTLM after its last message",
  });
});

test("a step out of turn is a mistake of the caller", async () => {
  const context = createNtlmContext(optionsWith());
  await expect(context.step(challengeMessage)).rejects.toThrow(
    "an NTLM context that is new does not go on with a token",
  );
  await context.step();
  await expect(context.step()).rejects.toThrow("an NTLM context that is negotiating does not go on without a token");
});

test.each([
  ["no NTLM", Buffer.from("6082", "hex"), "BAD_REPLY"],
  ["nothing", Buffer.alloc(0), "BAD_REPLY"],
  ["NTLMv1", Buffer.from(challengeMessage).fill(0, 21, 24), "AUTH_FAILED"],
])("a host that answers %s gets no proof of the password, then or later", async (_, token, code) => {
  const random = jest.fn(() => Buffer.alloc(16));
  const context = createNtlmContext(optionsWith({ random }));
  await context.step();
  await expect(context.step(token)).rejects.toMatchObject({ code });
  await expect(context.step(challengeMessage)).rejects.toThrow(
    "an NTLM context that is ended does not go on with a token",
  );
  expect([context.isEstablished, random.mock.calls]).toEqual([false, []]);
});

test("a user without a name is refused at once", () => {
  expect(() => createNtlmContext(optionsWith({ username: "Domain\\" }))).toThrow("NTLM needs a user name");
});

test("neither the password nor what stands for it is seen in what is printed, or sent", async () => {
  const password = "Horse-Battery-9";
  const context = createNtlmContext(optionsWith({ password }));
  const seen = [inspect(context, { depth: 9, showHidden: true }), JSON.stringify(context)];
  const negotiate = await context.step();
  seen.push(inspect(context, { depth: 9, showHidden: true }));
  const message = await context.step(challengeMessage);
  for (const bytes of [negotiate, message])
    seen.push(bytes?.toString("latin1") ?? "", bytes?.toString("utf16le") ?? "");
  expect(seen.filter((text) => /Horse|password|hash/i.test(text))).toEqual([]);
});
