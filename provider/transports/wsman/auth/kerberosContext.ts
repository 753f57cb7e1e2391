import { z } from "zod";
import { ReplicaResyncError } from "../../../core/errors";
import { messageOf } from "../../../core/text/messageOf";
import type { SecurityContext } from "../securityContext";

/** The part of the npm package `kerberos` that is used. Source: its documentation, version 7. */
export interface KerberosPackage {
  readonly GSS_C_MUTUAL_FLAG: number;
  readonly GSS_C_REPLAY_FLAG: number;
  readonly GSS_C_SEQUENCE_FLAG: number;
  readonly GSS_C_CONF_FLAG: number;
  readonly GSS_C_INTEG_FLAG: number;
  readonly GSS_MECH_OID_KRB5: number;
  initializeClient(service: string, options: Readonly<Record<string, unknown>>): Promise<KerberosClient>;
}

interface KerberosClient {
  readonly contextComplete: boolean;
  /** All texts are base64; the answer is `null` when there is nothing more to send. */
  step(challenge: string): Promise<string | null>;
  wrap(message: string, options: { readonly protect: boolean }): Promise<string>;
  unwrap(token: string): Promise<string>;
}

export interface KerberosOptions {
  /** The host's name: tickets are not made for addresses. */
  readonly host: string;
  /** `user@REALM`; absent: the owner of the tickets. */
  readonly principal?: string;
}

/** `WSMAN/<host>`: the name that WinRM registers for itself, whereas HTTP may belong to a web application's account. */
const service = "WSMAN";

/**
 * A Kerberos context from the tickets of `kinit` or a keytab.
 * @throws {@link ReplicaResyncError} from `step` when there is no ticket, {@link ReplicaResyncError} from `seal`.
 */
export async function createKerberosContext(
  kerberos: KerberosPackage,
  { host, principal }: KerberosOptions,
): Promise<SecurityContext> {
  const flags =
    kerberos.GSS_C_MUTUAL_FLAG |
    kerberos.GSS_C_REPLAY_FLAG |
    kerberos.GSS_C_SEQUENCE_FLAG |
    kerberos.GSS_C_CONF_FLAG |
    kerberos.GSS_C_INTEG_FLAG;
  const options = { flags, mechOID: kerberos.GSS_MECH_OID_KRB5, ...(principal !== undefined && { principal }) };
  const client = await asLogon(host, kerberos.initializeClient(`${service}@${host}`, options));
  return new KerberosContext(client, host);
}

class KerberosContext implements SecurityContext {
  readonly scheme = "Kerberos";

  constructor(
    private readonly client: KerberosClient,
    private readonly host: string,
  ) {}

  get isEstablished(): boolean {
    return this.client.contextComplete;
  }

  async step(hostToken?: Buffer): Promise<Buffer | undefined> {
    const answer = await asLogon(this.host, this.client.step(hostToken?.toString("base64") ?? ""));
    return answer === null || answer === "" ? undefined : Buffer.from(answer, "base64");
  }

  async seal(message: Buffer): Promise<{ readonly header: Buffer; readonly data: Buffer }> {
    const token = Buffer.from(await this.client.wrap(message.toString("base64"), { protect: true }), "base64");
    if (token.length !== headerLength + message.length) throw this.#sealsNot(token.length < message.length);
    const rotated = rotate(token, rotationOfWindows);
    return { header: rotated.subarray(0, headerLength), data: rotated.subarray(headerLength) };
  }

  async unseal(header: Buffer, data: Buffer): Promise<Buffer> {
    const token = Buffer.concat([header, data]);
    // The package would read from nowhere for a message without a byte in it.
    if (token.length <= headerLength) throw new Error("the token is cut off");
    const unrotated = rotate(token, -token.readUInt16BE(rotationOffset));
    return Buffer.from(await this.client.unwrap(unrotated.toString("base64")), "base64");
  }

  /** Version 7.0.0 of the package wraps four bytes, whatever it is given; and only AES with SHA-1 has tokens of this length. */
  #sealsNot(isShortened: boolean): ReplicaResyncError {
    const why = isShortened
      ? 'the installed version of the npm package "kerberos" does not encrypt whole messages'
      : "the tickets use an encryption other than AES with SHA-1, which is not supported";
    return new ReplicaResyncError("REFUSED", why, {
      context: { host: this.host },
      remedy: "Use TLS (port 5986)",
    });
  }
}

/** Head of a wrap token, and where it says by how much the rest is rotated. Source: RFC 4121, section 4.2.6.2. */
const headLength = 16;
const rotationOffset = 6;
/** A copy of the head and the checksum of AES with SHA-1: with them in front, the data stand as long as they are. Source: RFC 4121, section 4.2.4; RFC 3962. */
const rotationOfWindows = 28;
/** Head, what is rotated to the front, and the confounder. */
const headerLength = headLength + rotationOfWindows + 16;

/** A wrap token with its rest rotated to the right, and the head saying so; to the left, saying 0, with a negative count. */
function rotate(token: Buffer, count: number): Buffer {
  const rest = token.subarray(headLength);
  const shift = ((-count % rest.length) + rest.length) % rest.length;
  const head = Buffer.from(token.subarray(0, headLength));
  head.writeUInt16BE(Math.max(count, 0), rotationOffset);
  return Buffer.concat([head, rest.subarray(shift), rest.subarray(0, shift)]);
}

async function asLogon<Result>(host: string, attempt: Promise<Result>): Promise<Result> {
  try {
    return await attempt;
  } catch (error) {
    throw new ReplicaResyncError("AUTH_FAILED", `Kerberos cannot authenticate: ${messageOf(error)}`, {
      context: { host },
      remedy: "Get a ticket with kinit or name a keytab, and use the name that the host has in the domain",
      cause: error,
    });
  }
}

const packageShape = z.custom<KerberosPackage>(
  (value) => typeof value === "object" && value !== null && "initializeClient" in value && "GSS_MECH_OID_KRB5" in value,
);

/**
 * The npm package, which users install who want Kerberos.
 * @throws {@link ReplicaResyncError} when it is not there.
 */
export async function loadKerberos(load: (name: string) => Promise<unknown>): Promise<KerberosPackage> {
  try {
    const loaded = z.union([z.object({ default: packageShape }), packageShape]).parse(await load("kerberos"));
    return "default" in loaded ? loaded.default : loaded;
  } catch (error) {
    throw new ReplicaResyncError(
      "REFUSED",
      'auth "kerberos" needs the npm package "kerberos", which cannot be loaded',
      {
        remedy: "Install it beside this package: npm install kerberos",
        cause: error,
      },
    );
  }
}
