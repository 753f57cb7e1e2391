import type { HostConnection, HttpReply } from "../http/hostConnection";

/** What a message is, when it travels as it is. Source: MS-WSMV, section 2.1. */
export const soapMediaType = "application/soap+xml;charset=UTF-8";

/** A way to say who calls. */
export interface Authenticator {
  /**
   * Sends a message over a connection, logging on first where the connection is not logged on, and brings the answer, opened
   * where it was sealed. One with status 401 means that the host does not accept the caller: the message was not looked at.
   * What changes something is not sent a second time for an answer that anybody on the way may have made.
   * @throws {@link HttpFailure}, and errors of the package when it cannot log on at all.
   */
  send(connection: HostConnection, message: Buffer, isChange: boolean, signal: AbortSignal): Promise<HttpReply>;
}

/** Says it with the same header in every request. */
export class HeaderAuthenticator implements Authenticator {
  readonly #authorization: string;

  constructor(authorization: string) {
    this.#authorization = authorization;
  }

  async send(connection: HostConnection, message: Buffer, _isChange: boolean, signal: AbortSignal): Promise<HttpReply> {
    const headers = { "Content-Type": soapMediaType, Authorization: this.#authorization };
    return connection.exchange({ headers, body: message }, signal);
  }
}

/** User name and password in the clear: for TLS, or on this machine. Source: RFC 7617. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** Says that the certificate of the TLS connection is meant. Source: MS-WSMV, section 2.2.9.1 (certificate authentication). */
export const certificateAuthorization = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";
