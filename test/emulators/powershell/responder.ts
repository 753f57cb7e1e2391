import { z } from "zod";
import {
  linkInstanceId,
  machineRef,
  type HostCall,
  type SimulatedHost,
  type TimedAnswer,
} from "../../../provider/simulator/forDoors";
import { argumentSchemas, isCommand, type ArgumentOf, type Command, type Connect } from "./arguments";
import { messageOf } from "./messages";
import { protocolMismatch, replyErrorOf, unknownClass, unknownCommand, unreadableRequest } from "./replyErrors";
import { isOf, rowClasses, rowOf } from "./rows";
import { PasswordKey } from "./sealedPassword";
import { StandInError } from "./standInError";
import { readJson, type Reply, type ReplyError, type Request } from "./wire";

/** What the responder needs of a simulated host. */
export type HostDoor = Pick<SimulatedHost, "name" | "consoleUser" | "logOn" | "call">;

/** What the other side says of itself. */
export interface Handshake {
  /** Number of the wire contract. Default 1; only what is reached as an endpoint or over SSH can have another. */
  readonly protocol?: number | undefined;
  /** Default 7.6.5. */
  readonly psVersion?: string | undefined;
}

/** How a client connected, without its password. */
export type Connection = Connect & { readonly sealedPassword?: never };

const service = "Msvm_ReplicationService";
const protocol = 1;

/** An error that the scripts make themselves. */
class ScriptError extends Error {
  constructor(readonly reply: Omit<ReplyError, "message">) {
    super(reply.errorId);
  }
}

/** What the scripts on a real host answer, taken from a simulated one. One of these stands for one PowerShell process. */
export class Responder {
  /** How it was connected so far, in order. */
  readonly connections: Connection[] = [];
  #user: string | undefined;
  #key: PasswordKey | undefined;
  #errors = 0;

  constructor(
    private readonly host: HostDoor,
    private readonly handshake: Handshake = {},
    private readonly newKey: () => PasswordKey = () => new PasswordKey(),
  ) {}

  /**
   * Answers one request; `undefined` is one that could not be read. Ends early when the signal is aborted.
   * @throws StandInError for what breaks the wire contract, SimulatorError for what the simulated host does not know.
   */
  async respond(request: Request | undefined, signal?: AbortSignal): Promise<Reply> {
    try {
      if (request === undefined) throw new ScriptError(unreadableRequest);
      if (!isCommand(request.command)) throw new ScriptError(unknownCommand);
      return { ok: true, value: await this.#carryOut(request.command, readJson(request.argument), signal) };
    } catch (error) {
      const reply = error instanceof ScriptError ? error.reply : replyErrorOf(error, isChange(request?.command));
      if (reply === undefined) throw error;
      return { ok: false, error: { message: messageOf(reply.category, this.#errors++), ...reply } };
    }
  }

  async #carryOut(command: Command, argument: unknown, signal: AbortSignal | undefined): Promise<object> {
    switch (command) {
      case "Connect-HvReplicaHost":
        return this.#connect(checked(argumentSchemas[command], argument));
      case "Disconnect-HvReplicaHost":
        checked(argumentSchemas[command], argument);
        this.#user = undefined;
        return {};
      case "Get-HvReplicaKey":
        checked(argumentSchemas[command], argument);
        this.#key = this.newKey();
        return this.#key.publicHalf;
      case "Get-HvReplicaVersion":
        checked(argumentSchemas[command], argument);
        return this.#version(this.handshake.protocol);
      case "Get-HvReplicaService": {
        checked(argumentSchemas[command], argument);
        const { rows, at } = await this.#rows(service, signal);
        return { rows: rows.map(({ SystemName }) => ({ SystemName })), at };
      }
      case "Get-HvReplicaRows":
        return this.#readRows(checked(argumentSchemas[command], argument), signal);
      case "Get-HvReplicaHealth":
        return this.#readHealth(checked(argumentSchemas[command], argument), signal);
      case "Start-HvReplicaResync": {
        const { vmId, startTime } = checked(argumentSchemas[command], argument);
        const input = {
          ComputerSystem: machineRef(vmId),
          ...(startTime !== undefined && { StartTime: { dateTime: startTime } }),
        };
        return changed(
          await this.#call({ kind: "invoke", className: service, method: "Resynchronize", input }, signal),
        );
      }
      case "Request-HvReplicaState": {
        const { vmId, link, requestedState } = checked(argumentSchemas[command], argument);
        const input = { ReplicationRelationship: linkInstanceId(vmId, link), RequestedState: requestedState };
        const className = "Msvm_ComputerSystem";
        const method = "RequestReplicationStateChangeEx";
        return changed(
          await this.#call({ kind: "invoke", className, method, target: machineRef(vmId), input }, signal),
        );
      }
    }
  }

  #connect(connect: Connect): object {
    // The former session is closed first, so a refused connection leaves none.
    this.#user = undefined;
    const { sealedPassword: _, ...connection } = { sealedPassword: {}, ...connect };
    this.connections.push(connection);
    const isElsewhere = connect.way === "endpoint" || connect.way === "ssh";
    const version = this.#version(isElsewhere ? this.handshake.protocol : protocol);
    const user = this.#logOn(connect);
    if (version.protocol !== protocol) throw new ScriptError(protocolMismatch);
    this.#user = user;
    return version;
  }

  #logOn(connect: Connect): string {
    if (connect.way === "local" || connect.userName === undefined) return this.host.consoleUser;
    // SSH goes by key: there is no password, and the simulated host keeps no keys.
    return connect.way === "ssh" ? connect.userName : this.host.logOn(connect.userName, this.#passwordOf(connect));
  }

  #passwordOf({ sealedPassword }: Exclude<Connect, { way: "local" | "ssh" }>): string | undefined {
    if (sealedPassword === undefined) return undefined;
    // A key opens one password.
    const opened = this.#key?.open(sealedPassword);
    this.#key = undefined;
    if (opened === undefined) throw new ScriptError(unreadableRequest);
    return opened;
  }

  #version(number = protocol): { readonly protocol: number } {
    const version = { psVersion: this.handshake.psVersion ?? "7.6.5", computerName: this.host.name };
    return { protocol: number, ...version };
  }

  async #readRows(
    { classes, vmId }: ArgumentOf<"Get-HvReplicaRows">,
    signal: AbortSignal | undefined,
  ): Promise<object> {
    if (!classes.every((name) => rowClasses.includes(name))) throw new ScriptError(unknownClass);
    const answer: Record<string, unknown> = {};
    for (const name of classes) {
      const { rows } = await this.#rows(name, signal, vmId === undefined || name.includes("Job") ? "Enumerate" : "Get");
      answer[name] = rows.filter((row) => isOf(name, row, vmId)).map((row) => rowOf(name, row));
    }
    return answer;
  }

  async #readHealth(
    { vmId, link }: ArgumentOf<"Get-HvReplicaHealth">,
    signal: AbortSignal | undefined,
  ): Promise<object> {
    const input = { ComputerSystem: machineRef(vmId), ReplicationRelationship: linkInstanceId(vmId, link) };
    const method = "GetReplicationStatisticsEx";
    const answer = await this.#call({ kind: "invoke", className: service, method, input }, signal);
    if (answer.kind !== "returned") throw new StandInError(`${method} was answered with ${answer.kind}`);
    const { returnValue, output } = answer;
    return { returnValue, output: { ReplicationHealthIssues: output["ReplicationHealthIssues"] ?? [] } };
  }

  async #rows(
    className: string,
    signal: AbortSignal | undefined,
    verb: "Enumerate" | "Get" = "Enumerate",
  ): Promise<{ rows: readonly Readonly<Record<string, unknown>>[]; at: string }> {
    const answer = await this.#call({ kind: "enumerate", className, verb }, signal);
    if (answer.kind !== "rows") throw new StandInError(`Enumerate ${className} was answered with ${answer.kind}`);
    return answer;
  }

  async #call(call: HostCall, signal: AbortSignal | undefined): Promise<Exclude<TimedAnswer, { kind: "fault" }>> {
    // A real host might answer as the computer that runs PowerShell: the wrong one, so nothing may be asked of it.
    if (this.#user === undefined) throw new StandInError("nothing may be called before Connect-HvReplicaHost");
    const answer = await this.host.call(call, { door: "powershell", user: this.#user }, signal);
    if (answer.kind === "fault") throw answer.fault;
    return answer;
  }
}

/** The two commands whose call changes something. */
function isChange(command: string | undefined): boolean {
  return command === "Start-HvReplicaResync" || command === "Request-HvReplicaState";
}

function changed(answer: Exclude<TimedAnswer, { kind: "fault" }>): object {
  if (answer.kind !== "returned") throw new StandInError(`a method was answered with ${answer.kind}`);
  const { returnValue, jobId } = answer;
  return { returnValue, ...(jobId !== undefined && { jobId }) };
}

/** The argument as its command takes it. What it was is not said: it may hold a password. */
function checked<Schema extends z.ZodType>(schema: Schema, argument: unknown): z.output<Schema> {
  const result = schema.safeParse(argument);
  if (result.success) return result.data;
  throw new StandInError(`an argument is not what the command takes: ${z.prettifyError(result.error)}`);
}
