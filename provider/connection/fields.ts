import { z } from "zod";
import { oneOf } from "../core/text/oneOf";
import type { ConnectionField } from "./fieldNames";

/** How a host is reached. */
export const transports = ["powershell", "wsman", "simulator"] as const;
export type Transport = (typeof transports)[number];

/** How the account authenticates. */
const auths = ["basic", "certificate", "negotiate", "kerberos"] as const;
export type Auth = (typeof auths)[number];

/** What PowerShell speaks to the host: CIM over WS-Management or DCOM, or remoting over SSH. */
const protocols = ["wsman", "dcom", "ssh"] as const;

const text = z.string("expected a text").trim().min(1, "expected a text that is not empty");
const trueOrFalse = z.boolean("expected true or false");
const portExpected = "expected a whole number from 1 to 65535";
const resyncsExpected = "expected a whole number of at least 1";
const secondsExpected = "expected a number of seconds above 0, at most 86400";
const thumbprintExpected = "expected the thumbprint of a certificate, 40 (SHA-1) or 64 (SHA-256) hexadecimal digits";

const shape = {
  host: text.optional(),
  transport: z.enum(transports, `expected ${oneOf(transports)}`).optional(),
  scenario: text.optional(),
  port: z.int(portExpected).min(1, portExpected).max(65_535, portExpected).optional(),
  tls: trueOrFalse.optional(),
  caFile: text.optional(),
  certificateThumbprint: z
    .string(thumbprintExpected)
    .regex(/^(?:[0-9A-Fa-f]{2}[: ]?){20}(?:(?:[0-9A-Fa-f]{2}[: ]?){12})?$/, thumbprintExpected)
    .optional(),
  insecureSkipVerify: trueOrFalse.optional(),
  auth: z.enum(auths, `expected ${oneOf(auths)}`).optional(),
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
  /** A day: more than any host allows an operation, and a time that timers can keep. */
  operationTimeoutSeconds: z.number(secondsExpected).positive(secondsExpected).max(86_400, secondsExpected).optional(),
  maxConcurrentResyncs: z.int(resyncsExpected).min(1, resyncsExpected).optional(),
} satisfies Record<ConnectionField, z.ZodType>;

/**
 * The `connection` input. Every field can also come from the stack's configuration (`hyperv-replica:host`) or the
 * environment (`HYPERV_REPLICA_HOST`), in that order.
 */
export const connectionSchema = z.strictObject(shape, {
  error: (issue) => (issue.code === "invalid_type" ? "expected a map of fields" : undefined),
});

export type Connection = z.infer<typeof connectionSchema>;
