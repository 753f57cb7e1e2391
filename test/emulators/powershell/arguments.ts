import { z } from "zod";
import { sealedPasswordSchema } from "./sealedPassword";

/** Wire contract: the argument of every command, as its own JSON object. A key that is not named here is refused. */

const guid = z.guid().lowercase();
const link = z.union([z.literal(0), z.literal(1)]);
const nothing = z.strictObject({});

const port = z.int().min(1).max(65_535).optional();
const text = z.string().min(1);
const remote = {
  computerName: text,
  port,
  useSsl: z.boolean().optional(),
  skipCertificateChecks: z.boolean().optional(),
  authentication: z.enum(["kerberos", "negotiate", "basic", "certificate"]).optional(),
  certificateThumbprint: text.optional(),
  userName: text.optional(),
  sealedPassword: sealedPasswordSchema.optional(),
  operationTimeoutSeconds: z.number().positive(),
};

const connectSchema = z.discriminatedUnion("way", [
  z.strictObject({ way: z.literal("local") }),
  z.strictObject({ way: z.literal("cim"), protocol: z.enum(["wsman", "dcom"]), ...remote }),
  z.strictObject({ way: z.literal("endpoint"), configurationName: text, ...remote }),
  z
    .strictObject({
      way: z.literal("ssh"),
      hostName: text,
      port,
      userName: text.optional(),
      keyFilePath: text.optional(),
      subsystem: text.optional(),
      scripts: z.string().min(1).optional(),
    })
    .refine(({ subsystem, scripts }) => subsystem !== undefined || scripts !== undefined, {
      error: "without a subsystem there is nothing behind the connection but what scripts bring",
    }),
]);

/** How a client reaches the host. */
export type Connect = z.output<typeof connectSchema>;

/** Every command with the shape of its argument. */
export const argumentSchemas = {
  "Connect-HvReplicaHost": connectSchema,
  "Disconnect-HvReplicaHost": nothing,
  "Get-HvReplicaKey": nothing,
  "Get-HvReplicaVersion": nothing,
  "Get-HvReplicaService": nothing,
  "Get-HvReplicaRows": z.strictObject({ classes: z.array(z.string()), vmId: z.guid().optional() }),
  "Get-HvReplicaHealth": z.strictObject({ vmId: guid, link }),
  "Start-HvReplicaResync": z.strictObject({
    vmId: guid,
    /** CIM datetime text in UTC, such as `20300108010203.000000+000`. Source: DSP0004, 5.5.1. */
    startTime: z
      .string()
      .regex(/^\d{14}\.\d{6}\+000$/)
      .transform(toIso)
      .optional(),
  }),
  "Request-HvReplicaState": z.strictObject({
    vmId: guid,
    link,
    requestedState: z.union([z.literal(3), z.literal(7), z.literal(9)]),
  }),
} as const;

/** The name of a command. */
export type Command = keyof typeof argumentSchemas;
/** The argument of a command. */
export type ArgumentOf<Name extends Command> = z.output<(typeof argumentSchemas)[Name]>;

/** Whether there is such a command. */
export function isCommand(name: string): name is Command {
  return Object.hasOwn(argumentSchemas, name);
}

function toIso(cim: string, context: z.RefinementCtx): string {
  const iso = cim.replace(/^(....)(..)(..)(..)(..)(..)\.(...)....*$/, "$1-$2-$3T$4:$5:$6.$7Z");
  if (!Number.isNaN(Date.parse(iso))) return iso;
  context.issues.push({ code: "custom", message: "expected a timestamp that exists", input: cim });
  return z.NEVER;
}
