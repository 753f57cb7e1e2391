import { appendFileSync } from "node:fs";
import { status } from "@grpc/grpc-js";

/** A message as it is recorded: empty values are left out, as in the JSON form of protobuf. */
export type WireMessage = Readonly<Record<string, unknown>>;

/** Records who asked what and what the answer was, one JSON line each, in the order of the wire. */
export class Wire {
  readonly #file: string | undefined;

  constructor(file?: string) {
    this.#file = file;
  }

  request(method: string, request: WireMessage): void {
    this.#write({ method, phase: "request", request: withoutEmpty(request) });
  }

  response(method: string, response: WireMessage): void {
    this.#write({ method, phase: "response", response: withoutEmpty(response) });
  }

  failure(method: string, error: { readonly code: number; readonly details: string }): void {
    const code = statusNames.get(error.code) ?? String(error.code);
    this.#write({ method, phase: "response", errors: [`rpc error: code = ${code} desc = ${error.details}`] });
  }

  #write(line: object): void {
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

/** Names of gRPC's status codes as the Go implementation writes them. Source: grpc-go, codes/code_string.go. */
const statusNames = new Map<number, string>([
  [status.CANCELLED, "Canceled"],
  [status.UNKNOWN, "Unknown"],
  [status.INTERNAL, "Internal"],
  [status.UNAVAILABLE, "Unavailable"],
  [status.UNIMPLEMENTED, "Unimplemented"],
]);

function withoutEmpty(message: WireMessage): WireMessage {
  const isEmpty = (value: unknown): boolean =>
    value === undefined || value === "" || value === false || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(message).filter(([, value]) => !isEmpty(value)));
}
