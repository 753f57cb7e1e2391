import { isReplicaResyncError } from "../../../core/errors";
import type { HostConnection, HttpReply } from "../http/hostConnection";
import { HttpFailure, isTimeout } from "../http/httpFailure";
import type { SecurityContext } from "../securityContext";
import { type Authenticator, soapMediaType } from "./authenticator";
import { isSealed, openMessage, sealedMediaType, sealMessage, SealError } from "./encryptedMessage";

const unauthorized = 401;
/** NTLM takes two tokens, Kerberos one. */
const mostTokens = 4;
const nothing = Buffer.alloc(0);

/** Authenticates each connection with a security context of its own, and encrypts what goes over it where required. */
export class ContextAuthenticator implements Authenticator {
  readonly #contexts = new WeakMap<HostConnection, SecurityContext>();

  constructor(
    private readonly makeContext: (connection: HostConnection) => Promise<SecurityContext>,
    /** On plain HTTP, where hosts accept nothing else. */
    private readonly seals: boolean,
  ) {}

  async send(connection: HostConnection, message: Buffer, isChange: boolean, signal: AbortSignal): Promise<HttpReply> {
    const context = this.#contexts.get(connection);
    if (context !== undefined) {
      const reply = await this.#sendLoggedOn(context, connection, message, signal);
      // Without encryption a refusal may come from anything in between, even for a message that the host has carried out.
      if (reply.status !== unauthorized || (isChange && reply.isUnsealed === true)) return reply;
      // The host dropped the authentication before it looked at the message: authenticate and encrypt again.
      this.#contexts.delete(connection);
    }
    return this.#logOnAndSend(connection, message, signal);
  }

  /**
   * Where the message has to be encrypted it waits until the host has agreed; over TLS it goes along with the token that
   * completes the authentication, as a host may require one with each request.
   */
  async #logOnAndSend(connection: HostConnection, message: Buffer, signal: AbortSignal): Promise<HttpReply> {
    const context = await orStopped(this.makeContext(connection), signal);
    let token = await orStopped(context.step(), signal);
    for (let sent = 0; token !== undefined && sent < mostTokens; sent += 1) {
      const isCarrier = !this.seals && (context.isEstablished || context.scheme === "Kerberos");
      const headers = {
        "Content-Type": soapMediaType,
        Authorization: `${context.scheme} ${token.toString("base64")}`,
      };
      const reply = await connection.exchange({ headers, body: isCarrier ? message : nothing }, signal);
      const answer = tokenOf(reply, context.scheme);
      if (reply.status !== unauthorized) {
        if (answer !== undefined && !context.isEstablished) await finish(context, answer, isCarrier);
        if (isCarrier) {
          this.#contexts.set(connection, context);
          return reply;
        }
        if (!isSuccess(reply.status)) return reply;
        if (!context.isEstablished) throw new HttpFailure("badReply", "the host accepted an incomplete authentication");
        this.#contexts.set(connection, context);
        return this.#sendLoggedOn(context, connection, message, signal);
      }
      if (answer === undefined || context.isEstablished) return reply;
      token = await orStopped(context.step(answer), signal);
    }
    throw new HttpFailure("badReply", "the host keeps asking for tokens");
  }

  async #sendLoggedOn(
    context: SecurityContext,
    connection: HostConnection,
    message: Buffer,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    if (!this.seals) return connection.exchange({ headers: { "Content-Type": soapMediaType }, body: message }, signal);
    const body = await sealMessage(context, message, soapMediaType);
    const reply = await connection.exchange({ headers: { "Content-Type": sealedMediaType(context) }, body }, signal);
    if (!isSealed(reply.mediaType)) return { ...reply, isUnsealed: true };
    try {
      return { ...reply, ...(await openMessage(context, reply.body)) };
    } catch (error) {
      // The sequence numbers of both sides differ now: nothing more can be decrypted.
      connection.destroy();
      if (!(error instanceof SealError)) throw error;
      throw new HttpFailure("badReply", error.message, { mayHaveArrived: true, cause: error });
    }
  }
}

/** Tickets come over the network too, through a library that knows no signals. */
async function orStopped<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => {
    const kind = isTimeout(signal.reason) ? "lost" : "aborted";
    reject(new HttpFailure(kind, "stopped while authenticating", { cause: signal.reason }));
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The host's last token proves its identity. */
async function finish(context: SecurityContext, token: Buffer, mayHaveArrived: boolean): Promise<void> {
  try {
    await context.step(token);
  } catch (error) {
    if (!isReplicaResyncError(error)) throw error;
    const { summary, remedy } = error;
    throw new HttpFailure("unproven", summary, {
      mayHaveArrived,
      ...(remedy !== undefined && { remedy }),
      cause: error,
    });
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The token of a scheme among what a host asks for; an empty one does not count. */
function tokenOf({ headers }: HttpReply, scheme: SecurityContext["scheme"]): Buffer | undefined {
  const asked = headers["www-authenticate"] ?? "";
  const text = new RegExp(`(?:^|,\\s*)${scheme}\\s+([A-Za-z0-9+/]+=*)`, "i").exec(asked)?.[1];
  return text === undefined ? undefined : Buffer.from(text, "base64");
}
