import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { fromStruct } from "./rpc";
import type { PropertyMap } from "./values";

/** What a plugin says of a resource that exists but is not ready. */
export interface InitFailure {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly reasons: readonly string[];
}

/** A call to a plugin that failed. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  /** gRPC status. */
  readonly code: grpc.status;
  /** The plugin's own words. */
  readonly details: string;
  /** Present when the resource is to be kept. */
  readonly initFailure: InitFailure | undefined;

  constructor(code: grpc.status, details: string, initFailure?: InitFailure) {
    super(initFailure === undefined ? details : listOf(initFailure.reasons));
    this.code = code;
    this.details = details;
    this.initFailure = initFailure;
  }
}

/** What becomes of a call when the plugin's process has ended under it. */
export function pluginGone(): ProviderError {
  return new ProviderError(grpc.status.UNAVAILABLE, "error reading from server: EOF");
}

/** What becomes of a call when the engine itself ends the connection. */
export function connectionClosing(): ProviderError {
  return new ProviderError(grpc.status.CANCELLED, "grpc: the client connection is closing");
}

/**
 * Reads what gRPC reports: the plugin's own message, and in the trailers perhaps a resource to be kept.
 *
 * @param restore - turns the value of a trailer into the one that the plugin sent.
 */
export function providerErrorOf(error: unknown, restore: (value: string) => string): ProviderError {
  const { code, details = "", metadata } = error as Partial<grpc.ServiceError>;
  if (code === undefined) return new ProviderError(grpc.status.INTERNAL, String(error));
  const failure = metadata === undefined ? undefined : initFailureIn(metadata, restore);
  return new ProviderError(code, decodeMessage(restore(details), details), failure);
}

/** gRPC escapes messages; a restored one has not been through its own decoding. */
function decodeMessage(restored: string, details: string): string {
  return restored === details ? details : decodeURI(restored);
}

function initFailureIn(metadata: grpc.Metadata, restore: (value: string) => string): InitFailure | undefined {
  const [value] = metadata.get("grpc-status-details-bin");
  if (value === undefined || typeof value === "string") return undefined;
  const status = Status.deserializeBinary(Buffer.from(restore(value.toString("base64")), "base64"));
  for (const detail of status.getDetailsList()) {
    if (!detail.getTypeUrl().endsWith("pulumirpc.ErrorResourceInitFailed")) continue;
    const failure = ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    return { id: failure.getId(), properties: fromStruct(failure.getProperties()), reasons: failure.getReasonsList() };
  }
  return undefined;
}

/** The form in which the CLI prints several reasons. Source: hashicorp/go-multierror, format.go. */
function listOf(reasons: readonly string[]): string {
  const title = reasons.length === 1 ? "1 error occurred:" : `${reasons.length} errors occurred:`;
  return [title, ...reasons.map((reason) => `\t* ${reason}`)].join("\n");
}
