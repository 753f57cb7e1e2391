import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { ReplicaResyncError } from "../../core/errors";
import type { TlsSettings } from "./http/endpoint";

/** What a connection says about TLS. The files are PEM. */
export interface TlsFiles {
  /** The authorities that the host's certificate may come from. */
  readonly caFile?: string | undefined;
  /** SHA-1 or SHA-256 of the host's certificate in hexadecimal digits: it is then trusted for itself. */
  readonly certificateThumbprint?: string | undefined;
  /** Takes any certificate. The caller warns. */
  readonly insecureSkipVerify?: boolean | undefined;
  /** The certificate that the account authenticates with, and its key. */
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** Reads the files. @throws ReplicaResyncError when one of them cannot be used. */
export function readTlsSettings(files: TlsFiles, usesClientCertificate: boolean): TlsSettings {
  const { caFile, certificateThumbprint, insecureSkipVerify = false, certificateFile = "", keyFile } = files;
  const settings: TlsSettings = {
    skipsVerification: insecureSkipVerify,
    ...(caFile !== undefined && { ca: readPem("caFile", caFile) }),
    ...(certificateThumbprint !== undefined && {
      thumbprint: certificateThumbprint.replace(/[: ]/g, "").toLowerCase(),
    }),
    ...(usesClientCertificate && { client: readClient(certificateFile, keyFile) }),
  };
  check(settings);
  return settings;
}

function readClient(certificateFile: string, keyFile: string | undefined): NonNullable<TlsSettings["client"]> {
  const certificate = readPem("certificateFile", certificateFile);
  // One file may hold both.
  return { certificate, key: keyFile === undefined ? certificate : readPem("keyFile", keyFile) };
}

/** What OpenSSL says about files that it cannot use is better said before a connection is made. */
function check({ ca, client }: TlsSettings): void {
  try {
    // OpenSSL passes over authorities that it cannot read.
    if (ca !== undefined) new X509Certificate(ca);
    createSecureContext({
      ...(ca !== undefined && { ca }),
      ...(client !== undefined && { cert: client.certificate, key: client.key }),
    });
  } catch (error) {
    throw new ReplicaResyncError("REFUSED", "caFile, certificateFile or keyFile cannot be used", {
      remedy: "They must be PEM files, the key must belong to the certificate and have no passphrase",
      cause: error,
    });
  }
}

function readPem(field: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new ReplicaResyncError("REFUSED", `connection.${field}: ${file} cannot be read`, { cause: error });
  }
  if (text.includes("-----BEGIN ")) return text;
  throw new ReplicaResyncError("REFUSED", `connection.${field}: ${file} is not a PEM file`);
}
