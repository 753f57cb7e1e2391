import fc from "fast-check";
import { isReplicaResyncError } from "../../../../provider/core/errors";
import type { Conversation } from "../../../../provider/transports/wsman/http/conversation";
import type { HttpReply } from "../../../../provider/transports/wsman/http/hostConnection";
import { systemClock } from "../../../../provider/transports/systemClock";
import { SoapSession } from "../../../../provider/transports/wsman/soap/soapSession";
import { WsmanClient } from "../../../../provider/transports/wsman/wsmanClient";
import { fixture } from "./fixtures";
import { messageIdOf, operationOf } from "./scriptedHost";

const { signal } = new AbortController();
const runs = Number(process.env["PROPERTY_RUNS"] ?? 2_000) / 4;
const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";

/** A host that never ends ends a case: that a reading has an end is told elsewhere. */
class Enough extends Error {}

/** A client of a host that answers one operation with these bytes, and any other as it should. */
function clientOf(operation: string, bytes: Buffer, status = 200): WsmanClient {
  let sent = 0;
  const conversation = {
    async send(message: Buffer): Promise<HttpReply> {
      sent += 1;
      if (sent > 20) throw new Enough();
      const seen = { text: message.toString() };
      const asked = operationOf(seen);
      const ofService = asked === "Enumerate Msvm_ReplicationService";
      const text = fixture("Enumerate_Msvm_ReplicationService").replace("MESSAGE-ID", messageIdOf(seen));
      const body = ofService && asked !== operation ? Buffer.from(text) : withId(bytes, messageIdOf(seen));
      const date = "Mon, 07 Jan 2030 12:00:00 GMT";
      return { status, headers: { date }, body, mediaType: "application/soap+xml;charset=UTF-8" };
    },
  };
  return new WsmanClient(
    "hv01",
    new SoapSession(conversation as unknown as Conversation, "http://hv01/wsman", 1),
    systemClock,
  );
}

/** The id is as long as the place for it is not: the rest of the bytes stays as it is. */
function withId(bytes: Buffer, id: string): Buffer {
  return Buffer.from(bytes.toString("latin1").replace("MESSAGE-ID", id), "latin1");
}

const pieces = [
  "<",
  ">",
  "&",
  "</",
  "/>",
  "]]>",
  "<![CDATA[",
  "<!--",
  "-->",
  "<!DOCTYPE x>",
  "&#0;",
  "&x;",
  "\0",
  "\ufeff",
  '"',
  'xmlns="',
  "1601",
  "-1",
  "xsi:nil='true'",
  "<a>".repeat(70),
];

/** An element without others in it. */
const leaves = /<([\w:]+)[^<>]*>[^<>]*<\/\1>|<[\w:]+[^<>]*\/>/g;
const texts = ["", "-1", "99999999999999999999", "NaN", "2030-13-01T00:00:00Z", "true", "\u202e", "x".repeat(10_000)];

/** What happens to replies: bytes changed, taken out, doubled, put in; elements taken out, doubled, filled with something else. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant("change" as const), at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant("remove" as const), at: fc.nat(), length: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant("double" as const), at: fc.nat(), length: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant("insert" as const), at: fc.nat(), text: fc.constantFrom(...pieces) }),
  fc.record({
    kind: fc.constant("leaf" as const),
    at: fc.nat(),
    how: fc.constantFrom("remove", "double", "rename", ...texts),
  }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer One> ? One : never;

function mutate(bytes: Buffer, one: Mutation): Buffer {
  const at = one.at % (bytes.length + 1);
  const before = bytes.subarray(0, at);
  switch (one.kind) {
    case "change":
      return Buffer.concat([before, Buffer.of(one.byte), bytes.subarray(at + 1)]);
    case "remove":
      return Buffer.concat([before, bytes.subarray(at + one.length)]);
    case "double":
      return Buffer.concat([before, bytes.subarray(at, at + one.length), bytes.subarray(at)]);
    case "insert":
      return Buffer.concat([before, Buffer.from(one.text), bytes.subarray(at)]);
    case "leaf":
      return mutateLeaf(bytes.toString(), one);
    default:
      return one satisfies never;
  }
}

function mutateLeaf(text: string, { at, how }: Extract<Mutation, { kind: "leaf" }>): Buffer {
  const all = [...text.matchAll(leaves)];
  const leaf = all[at % Math.max(all.length, 1)];
  if (leaf === undefined) return Buffer.from(text);
  const [whole] = leaf;
  const other = {
    remove: "",
    double: whole + whole,
    rename: whole.replace(/^<([\w:]+)/, "<$1x").replace(/<\/([\w:]+)>$/, "</$1x>"),
  }[how];
  const changed = other ?? whole.replace(/>[^<>]*</, () => `>${how}<`);
  return Buffer.from(text.slice(0, leaf.index) + changed + text.slice(leaf.index + whole.length));
}

/** The value, or `undefined` for an error of the package; any other error is one that nobody expects. */
async function outcome<Value>(call: Promise<Value>): Promise<Value | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isReplicaResyncError(error) || error instanceof Enough) return undefined;
    throw error;
  }
}

const classes = [
  "Msvm_ComputerSystem",
  "Msvm_ReplicationRelationship",
  "Msvm_ReplicationSettingData",
  "Msvm_ConcreteJob",
  "Msvm_AffectedJobElement",
] as const;

test.each(classes)("mutated rows of %s are an error of the package, or rows that the reply has", async (className) => {
  const good = Buffer.from(fixture(`Enumerate_${className}`));
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(mutations, async (list) => {
      const bytes = list.reduce(mutate, good);
      const rows = await outcome(clientOf(`Enumerate ${className}`, bytes).readRows([className], signal));
      const found = rows?.get(className);
      if (found === undefined) return;
      const text = bytes.toString();
      expect(text).toMatch(/<\w+:EndOfSequence[ />]/);
      expect(text).toContain("</s:Envelope>");
      for (const row of found) expect(Object.keys(row as object).every((name) => text.includes(name))).toBe(true);
    }),
    { numRuns: runs },
  );
});

const resynchronize = "Resynchronize_Msvm_ReplicationService";

test("a mutated answer to Resynchronize is an error that leaves open what was done, or the return value that it has", async () => {
  const good = Buffer.from(fixture(resynchronize));
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (list) => {
      const bytes = list.reduce(mutate, good);
      const call = clientOf("Resynchronize", bytes).resynchronize({ vmId }, signal);
      try {
        const { returnCode } = await call;
        expect(bytes.toString()).toMatch(new RegExp(`ReturnValue[^<]*>[^]*${returnCode}`));
      } catch (error) {
        if (!isReplicaResyncError(error)) throw error;
        expect(error).toMatchObject({ code: "BAD_REPLY", effect: "unknown" });
      }
    }),
    { numRuns: runs },
  );
});

test("a mutated fault is never taken for an answer", async () => {
  const faults = ["Fault_WSManFault", "Fault_ProviderFault", "Fault_MSFT_WmiError"].map((name) =>
    Buffer.from(fixture(name)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...faults),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      async (good, list) => {
        const bytes = list.reduce(mutate, good);
        expect(await outcome(clientOf("Resynchronize", bytes, 500).resynchronize({ vmId }, signal))).toBeUndefined();
      },
    ),
    { numRuns: runs },
  );
});

test.each([...classes.map((name) => `Enumerate_${name}`), resynchronize])(
  "%s that is cut off anywhere is not a response",
  async (name) => {
    const good = Buffer.from(fixture(name).trimEnd());
    const [operation = "", className = ""] = name.split(/_(.*)/);
    for (let length = 0; length < good.length; length += 7) {
      const client = clientOf(`${operation} ${className}`, good.subarray(0, length));
      const call =
        name === resynchronize
          ? client.resynchronize({ vmId }, signal)
          : client.readRows([className as (typeof classes)[number]], signal);
      await expect(call).rejects.toMatchObject({ code: "BAD_REPLY" });
    }
  },
);
