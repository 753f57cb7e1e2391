import { ReplicaResyncError } from "../../../core/errors";
import type { SecurityContext } from "../securityContext";
import { avId, type AvPair, encodeAvPairs, micProvided } from "./avPairs";
import { type Challenge, parseChallenge } from "./challenge";
import { encodeAuthenticate, encodeNegotiate, setMic } from "./messages";
import { MessageStream } from "./messageStream";
import { encryptSessionKey, fileTime, hmacMd5, ntHash, ntlmv2Response, responseKey, utf16 } from "./ntlmv2";
import { splitUserName, type UserName } from "./userName";

export interface NtlmOptions {
  /** `DOMAIN\user`, `user@domain` or `user`. */
  readonly username: string;
  readonly password: string;
  /** What ties the proof to the TLS connection, from `channelBindingOf`; without it nothing is said about one. */
  readonly channelBinding?: Buffer | undefined;
  /** The service that is meant, such as `HTTP/hv01.example.com`: a host that looks at it takes no proof made for another. */
  readonly targetName?: string | undefined;
  /** This computer's name, for the host's log; not sent when it is not given. */
  readonly workstation?: string | undefined;
  /** That many random bytes that cannot be guessed. */
  readonly random: (size: number) => Buffer;
  /** Milliseconds since 1970: for a host that does not send its own time. */
  readonly now: () => number;
}

/**
 * NTLMv2 with a host, on one connection: signing and sealing by 128-bit keys, message integrity code, channel binding. It is
 * established as soon as the last message is made; only the host's answer to that shows whether it believes the password.
 * A message that cannot be opened ends it. Source: MS-NLMP, section 3.1.5.1.
 * @throws {@link ReplicaResyncError} when the user's name cannot be one; from `step` when the host wants a weaker NTLM.
 * `step` and `unseal` throw {@link ReplicaResyncError} for what is not NTLM, a message that does not fit its signature included.
 */
export function createNtlmContext(options: NtlmOptions): SecurityContext {
  return new NtlmContext(options);
}

type Stage =
  | { readonly name: "new"; readonly passwordHash: Buffer }
  | { readonly name: "negotiating"; readonly passwordHash: Buffer; readonly negotiate: Buffer }
  | { readonly name: "established"; readonly outgoing: MessageStream; readonly incoming: MessageStream }
  | { readonly name: "ended" };

class NtlmContext implements SecurityContext {
  readonly scheme = "Negotiate";
  // Private to the runtime, too: what prints this object shows no secret.
  readonly #options: Omit<NtlmOptions, "username" | "password">;
  readonly #user: UserName;
  #stage: Stage;

  constructor({ username, password, ...options }: NtlmOptions) {
    this.#options = options;
    this.#user = splitUserName(username);
    this.#stage = { name: "new", passwordHash: ntHash(password) };
  }

  get isEstablished(): boolean {
    return this.#stage.name === "established";
  }

  async step(hostToken?: Buffer): Promise<Buffer | undefined> {
    const stage = this.#stage;
    if (stage.name === "new" && hostToken === undefined) {
      const negotiate = encodeNegotiate();
      this.#stage = { name: "negotiating", passwordHash: stage.passwordHash, negotiate };
      return negotiate;
    }
    if (stage.name === "negotiating" && hostToken !== undefined) {
      this.#stage = { name: "ended" };
      return this.#authenticate(stage, hostToken);
    }
    if (stage.name === "established" && hostToken !== undefined) {
      if (hostToken.length === 0) return undefined;
      throw new ReplicaResyncError("BAD_REPLY", "the host continues NTLM after its last message");
    }
    throw new Error(`an NTLM context that is ${stage.name} does not go on ${hostToken ? "with" : "without"} a token`);
  }

  async seal(message: Buffer): Promise<{ readonly header: Buffer; readonly data: Buffer }> {
    return this.#streams().outgoing.seal(message);
  }

  async unseal(header: Buffer, data: Buffer): Promise<Buffer> {
    const { incoming } = this.#streams();
    try {
      return incoming.unseal(header, data);
    } catch (error) {
      this.#stage = { name: "ended" };
      throw error;
    }
  }

  #streams() {
    if (this.#stage.name === "established") return this.#stage;
    throw new Error(`an NTLM context that is ${this.#stage.name} seals and opens nothing`);
  }

  #authenticate({ passwordHash, negotiate }: { passwordHash: Buffer; negotiate: Buffer }, hostToken: Buffer): Buffer {
    const { random, workstation = "" } = this.#options;
    const challenge = parseChallenge(hostToken);
    const { ntResponse, sessionBaseKey } = ntlmv2Response(responseKey(passwordHash, this.#user), {
      serverChallenge: challenge.serverChallenge,
      clientChallenge: random(8),
      time: this.#timeOf(challenge),
      targetInfo: encodeAvPairs(this.#targetInfoFor(challenge)),
    });
    const sessionKey = random(16);
    const authenticate = encodeAuthenticate({
      flags: challenge.flags,
      domain: utf16(this.#user.domain),
      user: utf16(this.#user.user),
      workstation: utf16(workstation),
      // No proof of the weaker kind: what MS-NLMP, section 3.1.5.1.2, has sent instead.
      lmResponse: Buffer.alloc(24),
      ntResponse,
      sessionKey: encryptSessionKey(sessionBaseKey, sessionKey),
    });
    setMic(authenticate, hmacMd5(sessionKey, negotiate, hostToken, authenticate));
    this.#stage = {
      name: "established",
      outgoing: new MessageStream(sessionKey, "client-to-server"),
      incoming: new MessageStream(sessionKey, "server-to-client"),
    };
    return authenticate;
  }

  #timeOf({ targetInfo }: Challenge): Buffer {
    return targetInfo.find(({ id }) => id === avId.timestamp)?.value ?? fileTime(this.#options.now());
  }

  /**
   * The host's target information, with what this client says: that there is a MIC, the channel binding and the service. The
   * MIC is always there: one that depends on the host's time could be taken away on the wire. Without a binding none is
   * sent, where section 3.1.5.1.2 has zeros: to a host both mean the same (section 3.2.5.1.2), and pyspnego, whose clients
   * reach real hosts, found that the zeros are not taken so.
   */
  #targetInfoFor({ targetInfo }: Challenge): readonly AvPair[] {
    const { channelBinding, targetName } = this.#options;
    const flags = Buffer.alloc(4);
    flags.writeUInt32LE(
      ((targetInfo.find(({ id }) => id === avId.flags)?.value.readUInt32LE() ?? 0) | micProvided) >>> 0,
    );
    const ours: readonly number[] = [avId.flags, avId.channelBindings, avId.targetName];
    return [
      ...targetInfo.filter(({ id }) => !ours.includes(id)),
      { id: avId.flags, value: flags },
      ...(channelBinding === undefined ? [] : [{ id: avId.channelBindings, value: channelBinding }]),
      ...(targetName === undefined ? [] : [{ id: avId.targetName, value: utf16(targetName) }]),
    ];
  }
}
