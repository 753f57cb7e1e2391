import { randomBytes, timingSafeEqual } from "node:crypto";
import { avId, micProvided, readAvPairs, writeAvPairs } from "./targetInformation";
import { hasFlag, ntlmFlag } from "./acceptorFlags";
import { hmacMd5, ntowfV2 } from "./keys";
import { type AuthenticateMessage, readAuthenticate, readNegotiate, writeChallenge } from "./acceptorMessages";
import { Rc4 } from "./rc4Stream";
import { NtlmSealing } from "./sealing";

/** What a host is, and what it asks for. */
export interface AcceptorOptions {
  readonly hostName: string;
  /** The host's own time, milliseconds since 1970. */
  now(): number;
  /** The account behind a name, if the host has it. */
  accountOf(domain: string, user: string): { readonly user: string; readonly password: string } | undefined;
  /** What the answer must be bound to, over TLS. */
  readonly channelBinding?: Buffer | undefined;
  /** Whether an answer without a binding is refused. */
  readonly requiresChannelBinding?: boolean;
}

/** A user who has authenticated, with what seals messages, if the client asked for that. */
export interface NtlmSession {
  readonly user: string;
  readonly sealing: NtlmSealing | undefined;
}

/** Offered whether or not it is asked for; without these nothing can be agreed. */
const needed =
  ntlmFlag.unicode |
  ntlmFlag.ntlm |
  ntlmFlag.alwaysSign |
  ntlmFlag.extendedSessionSecurity |
  ntlmFlag.targetTypeServer |
  ntlmFlag.targetInfo |
  ntlmFlag.version;
/** Offered to who asks. */
const onRequest =
  ntlmFlag.requestTarget | ntlmFlag.sign | ntlmFlag.seal | ntlmFlag.keyExchange | ntlmFlag.key128 | ntlmFlag.key56;

/** NTProofStr and the fixed part of the client's own challenge before its attributes. Source: MS-NLMP 2.2.2.7, 2.2.2.8. */
const proofBytes = 16;
const attributesAt = 28;
/** Between 1601 and 1970, in units of 100 ns. */
const fileTimeOf1970 = 116_444_736_000_000_000n;

/** One NTLMv2 authentication from the host's side. Older answers (NTLM, LM) are refused. Source: MS-NLMP 3.2.5, 3.3.2. */
export class NtlmAcceptor {
  private readonly serverChallenge: Buffer;
  private readonly negotiate: Buffer;
  /** What to answer to the first message. */
  readonly challenge: Buffer;

  /** @throws NtlmMalformed */
  constructor(
    negotiate: Buffer,
    private readonly options: AcceptorOptions,
    random: (bytes: number) => Buffer = randomBytes,
  ) {
    this.negotiate = Buffer.from(negotiate);
    this.serverChallenge = random(8);
    const name = Buffer.from(options.hostName, "utf16le");
    this.challenge = writeChallenge({
      flags: needed | (readNegotiate(negotiate) & onRequest),
      targetName: options.hostName,
      serverChallenge: this.serverChallenge,
      targetInfo: writeAvPairs([
        [avId.domainName, name],
        [avId.computerName, name],
        [avId.dnsDomainName, name],
        [avId.dnsComputerName, name],
        [avId.timestamp, fileTime(options.now())],
      ]),
    });
  }

  /**
   * The user behind the last message, or why there is none.
   * @throws NtlmMalformed
   */
  accept(token: Buffer): NtlmSession | { readonly refusal: string } {
    const message = readAuthenticate(token);
    const { flags, ntResponse } = message;
    if (!hasFlag(flags, ntlmFlag.extendedSessionSecurity)) return refused("without extended session security");
    if (ntResponse.length < proofBytes + attributesAt) return refused("the answer is not NTLMv2");
    const account = this.options.accountOf(message.domain, message.user);
    if (account === undefined) return refused(`no account ${message.user}`);
    const key = ntowfV2(account.password, message.user, message.domain);
    const ownPart = ntResponse.subarray(proofBytes);
    const proof = hmacMd5(key, Buffer.concat([this.serverChallenge, ownPart]));
    if (!timingSafeEqual(proof, ntResponse.subarray(0, proofBytes))) return refused("wrong password");
    const attributes = readAvPairs(ownPart.subarray(attributesAt));
    if (attributes === undefined) return refused("attributes without an end");
    if (!this.isBound(attributes.get(avId.channelBindings))) return refused("bound to another channel");
    const sessionKey = sessionKeyOf(message, hmacMd5(key, proof));
    if (sessionKey === undefined) return refused("no session key");
    if (!this.isWhole(message, sessionKey, attributes)) return refused("the messages were changed on their way");
    const sealing = hasFlag(flags, ntlmFlag.seal) ? new NtlmSealing(sessionKey, flags) : undefined;
    return { user: account.user, sealing };
  }

  /** No binding, or one of zeros, is accepted unless it is required: `CbtHardeningLevel` relaxed. */
  private isBound(shown: Buffer | undefined): boolean {
    const { channelBinding, requiresChannelBinding = false } = this.options;
    if (channelBinding === undefined) return true;
    if (shown === undefined || shown.every((byte) => byte === 0)) return !requiresChannelBinding;
    return shown.length === channelBinding.length && timingSafeEqual(shown, channelBinding);
  }

  private isWhole(
    { mic, withoutMic }: AuthenticateMessage,
    sessionKey: Buffer,
    attributes: ReadonlyMap<number, Buffer>,
  ): boolean {
    const flags = attributes.get(avId.flags);
    if (flags === undefined || flags.length < 4 || !hasFlag(flags.readUInt32LE(0), micProvided)) return true;
    if (mic === undefined) return false;
    return timingSafeEqual(mic, hmacMd5(sessionKey, Buffer.concat([this.negotiate, this.challenge, withoutMic])));
  }
}

function sessionKeyOf({ flags, encryptedSessionKey }: AuthenticateMessage, baseKey: Buffer): Buffer | undefined {
  if (!hasFlag(flags, ntlmFlag.keyExchange)) return baseKey;
  return encryptedSessionKey.length === 16 ? new Rc4(baseKey).apply(encryptedSessionKey) : undefined;
}

function refused(refusal: string): { readonly refusal: string } {
  return { refusal };
}

function fileTime(atMs: number): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(BigInt(Math.floor(atMs)) * 10_000n + fileTimeOf1970);
  return time;
}
