import type { HostConnection, HttpReply } from "../http/hostConnection";

/** What a message is, when it travels as it is. Source: MS-WSMV, section 2.1. */
export const soapMediaType = "application/soap+xml;charset=UTF-8";

/** A way to authenticate the caller. */
export interface Authenticator {
  /**
   * Sends a message over a connection, authenticating first where the connection is not authenticated, and returns the response,
   * decrypted where it was encrypted. Status 401 means that the host does not accept the caller: it did not look at the message.
   * What changes something is not sent a second time for a response that anything in between may have made.
   * @throws {@link HttpFailure}, and errors of this package when it cannot authenticate at all.
   */
  send(connection: HostConnection, message: Buffer, isChange: boolean, signal: AbortSignal): Promise<HttpReply>;
}

/** Authenticates with the same header in every request. */
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

/** User name and password in the clear: for TLS, or for the runner itself. Source: RFC 7617. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** Says that the certificate of the TLS connection is meant. Source: MS-WSMV, section 2.2.9.1 (certificate authentication). */
export const certificateAuthorization = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";
