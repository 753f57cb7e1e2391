import fc from "fast-check";
import { NtlmAcceptor, type AcceptorOptions } from "../../../../../provider/simulator/server/ntlm/acceptor";
import { avId, readAvPairs } from "../../../../../provider/simulator/server/ntlm/targetInformation";
import { channelBindingOf } from "../../../../../provider/simulator/server/ntlm/certificateBinding";
import { ntowfV2 } from "../../../../../provider/simulator/server/ntlm/keys";
import { NtlmMalformed } from "../../../../../provider/simulator/server/ntlm/acceptorMessages";
import { NtlmSealing } from "../../../../../provider/simulator/server/ntlm/sealing";
import { answerWith, negotiateMessage, vector } from "./vectors";

const { user, password, domain } = vector;

function acceptor(more: Partial<AcceptorOptions> = {}): NtlmAcceptor {
  const options: AcceptorOptions = {
    hostName: "Server",
    now: () => Date.UTC(2030, 0, 7),
    accountOf: (inDomain, name) => (inDomain === domain && name === user ? { user, password } : undefined),
    ...more,
  };
  return new NtlmAcceptor(negotiateMessage(), options, () => vector.serverChallenge);
}

test("NTOWFv2 is that of the specification", () => {
  expect(ntowfV2(password, user, domain)).toEqual(vector.ntowf);
});

test("takes the answer of the specification, and seals as it does", () => {
  const session = acceptor().accept(vector.authenticate);
  if ("refusal" in session) throw new Error(session.refusal);
  expect(session.user).toBe(user);
  expect(session.sealing?.unseal(vector.signature, vector.sealed)).toEqual(vector.plain);
});

test("the first bytes of a challenge are those of the specification, with its flags", () => {
  const { challenge } = acceptor();
  expect(challenge.subarray(0, 12).toString("latin1")).toBe("NTLMSSP\0\u0002\0\0\0");
  expect(challenge.subarray(24, 32)).toEqual(vector.serverChallenge);
  // OEM is left out: texts are Unicode.
  expect(challenge.readUInt32LE(20)).toBe((vector.challengeFlags & ~2) >>> 0);
});

test("a challenge names the host and its own time", () => {
  const { challenge } = acceptor();
  const at = challenge.readUInt32LE(44);
  const pairs = readAvPairs(challenge.subarray(at, at + challenge.readUInt16LE(40)));
  expect(pairs?.get(avId.computerName)?.toString("utf16le")).toBe("Server");
  // 2030-01-07 in units of 100 ns since 1601.
  expect(pairs?.get(avId.timestamp)?.readBigUInt64LE()).toBe(135_384_480_000_000_000n);
});

test.each([
  ["another password", { accountOf: () => ({ user, password: "other" }) }, /wrong password/],
  ["no such account", { accountOf: () => undefined }, /no account/],
])("refuses an answer with %s", (_, options, refusal) => {
  expect(acceptor(options).accept(vector.authenticate)).toEqual({ refusal: expect.stringMatching(refusal) as unknown });
});

test("refuses an answer that is older than NTLMv2", () => {
  const message = Buffer.from(vector.authenticate);
  message.writeUInt16LE(24, 20);
  expect(acceptor().accept(message)).toEqual({ refusal: "the answer is not NTLMv2" });
});

test("refuses to go without extended session security", () => {
  const message = Buffer.from(vector.authenticate);
  message.writeUInt32LE((message.readUInt32LE(60) & ~0x80000) >>> 0, 60);
  expect(acceptor().accept(message)).toEqual({ refusal: "without extended session security" });
});

test("refuses an answer whose integrity code is not that of the messages", () => {
  const flags = Buffer.from([2, 0, 0, 0]);
  expect(acceptor().accept(answerWith([[avId.flags, flags]]))).toEqual({
    refusal: "the messages were changed on their way",
  });
});

describe("channel binding", () => {
  const channelBinding = channelBindingOf(Buffer.from("certificate"));

  test("is the MD5 of the structure around the certificate's hash", () => {
    // From an independent implementation: pyspnego's GssChannelBindings of the same application data.
    expect(channelBinding.toString("hex")).toBe("a8398e96473163fef6cae76013e8ab5a");
  });

  test.each([
    ["the right one", channelBinding, false, true],
    ["another one", Buffer.alloc(16, 1), false, false],
    ["one of zeros", Buffer.alloc(16), false, true],
    ["one of zeros where it is required", Buffer.alloc(16), true, false],
    ["the right one where it is required", channelBinding, true, true],
    ["a part of it", channelBinding.subarray(0, 8), false, false],
  ])("an answer with %s", (_, shown, requiresChannelBinding, isAccepted) => {
    const answer = acceptor({ channelBinding, requiresChannelBinding }).accept(
      answerWith([[avId.channelBindings, shown]]),
    );
    expect(answer).toMatchObject(isAccepted ? { user } : { refusal: "bound to another channel" });
  });

  test("is not looked at without TLS", () => {
    expect(acceptor().accept(answerWith([[avId.channelBindings, Buffer.alloc(16, 1)]]))).toMatchObject({ user });
  });
});

test("whatever comes as an answer is taken, refused or called malformed", () => {
  fc.assert(
    fc.property(
      fc.nat(vector.authenticate.length - 1),
      fc.nat(255),
      fc.nat(vector.authenticate.length),
      (at, byte, end) => {
        const message = Buffer.from(vector.authenticate.subarray(0, end));
        if (at < message.length) message[at] = byte;
        try {
          expect(acceptor().accept(message)).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(NtlmMalformed);
        }
      },
    ),
  );
});

test("a message is unsealed once, in its turn, unchanged", () => {
  const flags = vector.challengeFlags;
  const host = () => new NtlmSealing(vector.sessionKey, flags);
  expect(host().unseal(vector.signature, vector.sealed)).toEqual(vector.plain);
  const again = host();
  again.unseal(vector.signature, vector.sealed);
  expect(again.unseal(vector.signature, vector.sealed)).toBeUndefined();
  const changed = Buffer.from(vector.sealed);
  changed[0] = 0;
  expect(host().unseal(vector.signature, changed)).toBeUndefined();
  expect(host().unseal(vector.signature.subarray(0, 15), vector.sealed)).toBeUndefined();
});
