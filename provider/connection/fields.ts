import { z } from "zod";

/** How a host is reached. */
export const transports = ["powershell", "wsman", "simulator"] as const;
export type Transport = (typeof transports)[number];

const text = z.string("expected a text").trim().min(1, "expected a text that is not empty");
const secondsExpected = "expected a number of seconds above 0, at most 86400";
/** A day: more than any host allows an operation, and a time that timers can keep. */
const operationSeconds = z.number(secondsExpected).positive(secondsExpected).max(86_400, secondsExpected);

/** What PowerShell speaks to the host: CIM over WS-Management or DCOM, or remoting over SSH. */
export const protocols = ["wsman", "dcom", "ssh"] as const;

/**
 * The `connection` input. Every field can also come from the stack's configuration (`hyperv-replica:host`) or the
 * environment (`HYPERV_REPLICA_HOST`), in that order.
 */
export const connectionSchema = z.strictObject(
  {
    host: text.optional(),
    hosts: z.array(text, "expected a list of host names").min(1, "expected at least one host name").optional(),
    transport: z.enum(transports, `expected ${oneOf(transports)}`).optional(),
    scenario: text.optional(),
    port: z
      .int("expected a whole number from 1 to 65535")
      .min(1, "expected a whole number from 1 to 65535")
      .max(65_535, "expected a whole number from 1 to 65535")
      .optional(),
    tls: z.boolean("expected true or false").optional(),
    caFile: text.optional(),
    certificateThumbprint: z
      .string("expected the thumbprint of a certificate in hexadecimal digits")
      .regex(/^([0-9A-Fa-f]{2}[: ]?){20,32}$/, "expected the thumbprint of a certificate in hexadecimal digits")
      .optional(),
    insecureSkipVerify: z.boolean("expected true or false").optional(),
    auth: z
      .enum(
        ["basic", "certificate", "negotiate", "kerberos"],
        `expected ${oneOf(["basic", "certificate", "negotiate", "kerberos"])}`,
      )
      .optional(),
    username: text.optional(),
    password: z.string("expected a text").optional(),
    passwordFile: text.optional(),
    certificateFile: text.optional(),
    keyFile: text.optional(),
    keytab: text.optional(),
    executable: text.optional(),
    protocol: z.enum(protocols, `expected ${oneOf(protocols)}`).optional(),
    configurationName: text.optional(),
    subsystem: text.optional(),
    operationTimeoutSeconds: operationSeconds.optional(),
    maxConcurrentResyncs: z
      .int("expected a whole number of at least 1")
      .min(1, "expected a whole number of at least 1")
      .optional(),
  },
  { error: (issue) => (issue.code === "invalid_type" ? "expected a map of fields" : undefined) },
);

export type Connection = z.infer<typeof connectionSchema>;
export type ConnectionField = keyof Connection;

/** A rule that two or more fields of a connection break together, at the field to change. */
export interface Contradiction {
  readonly field: ConnectionField;
  readonly reason: string;
}

const tlsFields = ["caFile", "certificateThumbprint", "insecureSkipVerify"] as const;
const onlyFor: Readonly<Record<Transport, readonly ConnectionField[]>> = {
  simulator: ["scenario"],
  wsman: ["port", "tls", ...tlsFields, "auth", "passwordFile", "certificateFile", "keyFile", "keytab"],
  powershell: [
    "port",
    "tls",
    "insecureSkipVerify",
    "certificateThumbprint",
    "auth",
    "passwordFile",
    "keyFile",
    "executable",
    "protocol",
    "configurationName",
    "subsystem",
  ],
};

/** What a connection says twice or half. Looks at the fields only; the defaults of a platform are not applied. */
export function findContradictions(connection: Connection): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const has = (field: ConnectionField): boolean => connection[field] !== undefined;
  const forbid = (field: ConnectionField, reason: string): void => {
    if (has(field)) found.push({ field, reason });
  };
  if (has("host")) forbid("hosts", "expected either host or hosts, got both: hosts names all nodes of a cluster");
  if (has("password")) forbid("passwordFile", "expected either password or passwordFile, got both");
  const { transport } = connection;
  if (transport !== undefined) {
    for (const other of transports) {
      for (const field of onlyFor[other]) {
        if (!onlyFor[transport].includes(field))
          forbid(field, `is not used by transport "${transport}": leave it out, or choose another transport`);
      }
    }
    if (transport === "simulator") {
      for (const field of ["host", "hosts"] as const)
        forbid(field, 'is not used by transport "simulator": the scenario file names the host');
    }
  }
  if (connection.tls === false) {
    for (const field of tlsFields) forbid(field, "is about TLS, and tls is false");
  }
  // With PowerShell the thumbprint is that of the client's own certificate.
  if (connection.insecureSkipVerify === true && transport === "wsman") {
    for (const field of ["caFile", "certificateThumbprint"] as const) {
      forbid(field, "says which certificate to trust, and insecureSkipVerify says to trust any");
    }
  }
  if (connection.auth === "certificate") {
    for (const field of ["username", "password", "passwordFile", "keytab"] as const)
      forbid(field, 'is not used by auth "certificate"');
  } else if (connection.auth !== undefined) {
    for (const field of ["certificateFile", "keyFile"] as const)
      forbid(field, `is not used by auth "${connection.auth}"`);
    if (connection.auth !== "kerberos") forbid("keytab", `is not used by auth "${connection.auth}"`);
  }
  const unique = new Map(found.map((contradiction) => [contradiction.field, contradiction]));
  return [...unique.values()];
}

/** "a", "b" or "c". */
export function oneOf(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1) ?? ""}`;
}
