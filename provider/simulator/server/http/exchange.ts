import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import { HostUnreachable, ReplyLost, type SimulatedHost } from "../../forDoors";
import { authenticate, type AuthenticationOptions, schemes } from "../auth/authenticate";
import type { ConnectionState, Identity } from "../auth/connectionState";
import type { BrokenReply, WsmanBehaviour } from "../../scenario/wsmanBehaviour";
import type { BrokenReplies } from "../brokenReplies";
import { octetsOf } from "../charset";
import { identifyEnvelope } from "../operations/answerIdentify";
import type { ServiceReply, WsmanService } from "../service";
import { FaultAnswer } from "../soap/wsmanFaults";
import { faultEnvelope } from "../soap/reply";
import { isIdentify } from "../soap/soapRequest";
import { breakOff, type HttpAnswer, send } from "./answers";
import { answerInstead } from "./answerInstead";
import { type Message, readMessage, rootOf, StatusAnswer } from "./message";
import { readBody } from "./requestBody";
import { sendReply } from "./sendReply";

/** What every request of a door is answered with. */
export interface ExchangeOptions extends AuthenticationOptions {
  readonly host: SimulatedHost;
  readonly behaviour: WsmanBehaviour;
  readonly service: WsmanService;
  readonly brokenReplies: BrokenReplies;
  /** `AllowUnencrypted`: Basic, and messages in plain text, without TLS. */
  readonly allowsUnencrypted: boolean;
}

/** What stands around a sealed message. */
const aroundSealed = 4_096;

/** One request and its answer. */
export class Exchange {
  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly connection: ConnectionState,
    private readonly options: ExchangeOptions,
  ) {}

  /** Answers, or breaks the connection where the host would not answer. @throws an error that was not expected. */
  async run(): Promise<void> {
    try {
      await this.answer();
    } catch (error) {
      if (error instanceof StatusAnswer) this.send({ status: error.status, closes: true });
      else if (error instanceof FaultAnswer) this.sendFault(error);
      else if (error instanceof HostUnreachable || error instanceof ReplyLost) breakOff(this.request.socket);
      else throw error;
    }
  }

  private async answer(): Promise<void> {
    const { request, options } = this;
    if (!(await options.host.isReachable())) throw new HostUnreachable(options.host.name);
    const path = request.url?.split("?", 1)[0]?.toLowerCase();
    if (path !== "/wsman" && path !== "/wsman-anon/identify") throw new StatusAnswer(404);
    if (request.method !== "POST") throw new StatusAnswer(405);
    const body = await readBody(request, this.mostBytes + aroundSealed);
    // Source: MS-WSMV 3.1.4.1.20.
    if (body === undefined) throw new StatusAnswer(413);
    // Source: MS-WSMV 3.1.4.1.23: the one request that needs no authentication.
    if (path === "/wsman-anon/identify" || request.headers["wsmanidentify"] === "unauthenticated")
      this.identifyAnonymously(body);
    else await this.answerLoggedOn(body);
  }

  private identifyAnonymously(body: Buffer): void {
    if (!isIdentify(rootOf(body, "utf-8"))) {
      this.unauthorized(schemes);
      return;
    }
    const reply = { status: 200, text: identifyEnvelope(false), charset: "utf-8" } as const;
    sendReply(this.response, this.options.host.now(), reply, undefined);
  }

  private async answerLoggedOn(body: Buffer): Promise<void> {
    const found = authenticate(this.request, this.connection, this.options);
    switch (found.kind) {
      case "unauthorized":
        this.unauthorized(found.challenges);
        return;
      case "accepted":
        // The last message of an authentication may come alone.
        if (body.length === 0) this.send({ status: 200 });
        else await this.answerMessage(body, found.identity);
    }
  }

  private async answerMessage(body: Buffer, identity: Identity): Promise<void> {
    const contentType = this.request.headers["content-type"] ?? "";
    const mayBePlain = this.request.socket instanceof TLSSocket || this.options.allowsUnencrypted;
    const message = readMessage(body, contentType, identity, { mayBePlain, mostBytes: this.mostBytes });
    const { service, brokenReplies } = this.options;
    if (isIdentify(message.root)) {
      const broken = brokenReplies.take("Identify");
      await this.reply(message, identity, broken, async () => ({ xml: identifyEnvelope(true), isFault: false }));
      return;
    }
    const { name, run } = service.prepare(message.root, {
      user: identity.user,
      connection: this.connection.number,
      octetsOf: (text) => octetsOf(text, message.charset),
    });
    await this.reply(message, identity, brokenReplies.take(name), run);
  }

  private async reply(
    { charset, isSealed }: Message,
    { sealing }: Identity,
    broken: BrokenReply["kind"] | undefined,
    run: () => Promise<ServiceReply>,
  ): Promise<void> {
    const instead = broken === undefined ? undefined : answerInstead(broken);
    if (instead !== undefined) {
      // A connection that is told to authenticate again belongs to no account until then.
      if (instead.status === 401) this.connection.identity = undefined;
      this.send(instead);
      return;
    }
    const { xml, isFault } = await run();
    const reply = { status: isFault ? 500 : 200, text: xml, charset, sealing: isSealed ? sealing : undefined };
    sendReply(this.response, this.options.host.now(), reply, broken);
  }

  /** A fault before anything could be read of the message, and so without an answer to what it is. */
  private sendFault(answer: FaultAnswer): void {
    const { host, behaviour } = this.options;
    const text = faultEnvelope(answer, undefined, { hostName: host.name, wmiErrors: behaviour.wmiErrors });
    sendReply(this.response, host.now(), { status: 500, text, charset: "utf-8" }, undefined);
  }

  private unauthorized(challenges: readonly string[]): void {
    this.send({ status: 401, headers: { "WWW-Authenticate": challenges } });
  }

  private send(answer: HttpAnswer): void {
    send(this.response, this.options.host.now(), answer);
  }

  private get mostBytes(): number {
    return this.options.behaviour.maxEnvelopeSizeKb * 1_024;
  }
}
