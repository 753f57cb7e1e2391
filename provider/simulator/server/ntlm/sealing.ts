import { timingSafeEqual } from "node:crypto";
import { hasFlag, ntlmFlag } from "./acceptorFlags";
import { type Direction, hmacMd5, sealingKey, signingKey } from "./keys";
import { Rc4 } from "./rc4Stream";

/** One direction of a session: its keys and how many messages went that way. Source: MS-NLMP 3.4.3, 3.4.4.2. */
class OneWay {
  private readonly signWith: Buffer;
  private readonly stream: Rc4;
  private readonly encryptsChecksum: boolean;
  private sequence = 0;

  constructor(sessionKey: Buffer, flags: number, direction: Direction) {
    this.signWith = signingKey(sessionKey, direction);
    this.stream = new Rc4(sealingKey(sessionKey, flags, direction));
    this.encryptsChecksum = hasFlag(flags, ntlmFlag.keyExchange);
  }

  encrypt(data: Buffer): Buffer {
    return this.stream.apply(data);
  }

  /** The signature of the next message; its data has to have gone through the key stream before. */
  sign(plain: Buffer): Buffer {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(this.sequence >>> 0);
    this.sequence += 1;
    const checksum = hmacMd5(this.signWith, Buffer.concat([number, plain])).subarray(0, 8);
    const shown = this.encryptsChecksum ? this.stream.apply(checksum) : checksum;
    return Buffer.concat([Buffer.from([1, 0, 0, 0]), shown, number]);
  }
}

/** The messages of an established session, as the host sees them. */
export class NtlmSealing {
  private readonly fromClient: OneWay;
  private readonly toClient: OneWay;

  constructor(sessionKey: Buffer, flags: number) {
    this.fromClient = new OneWay(sessionKey, flags, "client-to-server");
    this.toClient = new OneWay(sessionKey, flags, "server-to-client");
  }

  /** Encrypts and signs a message to the client. */
  seal(plain: Buffer): { readonly header: Buffer; readonly data: Buffer } {
    const data = this.toClient.encrypt(plain);
    return { header: this.toClient.sign(plain), data };
  }

  /** Decrypts a message of the client; `undefined` when its signature does not fit. */
  unseal(header: Buffer, data: Buffer): Buffer | undefined {
    const plain = this.fromClient.encrypt(data);
    const expected = this.fromClient.sign(plain);
    return header.length === expected.length && timingSafeEqual(header, expected) ? plain : undefined;
  }
}
