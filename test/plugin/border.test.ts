import path from "node:path";
import { type Answer, PluginClient, type Verb } from "../support/pluginClient";

const handlers = path.join(__dirname, "..", "fixtures", "programs", "hostile", "handlers.js");
const verbs = ["check", "diff", "create", "read", "update", "delete"] as const;

const values = [
  "undefined",
  "date",
  "function",
  "symbol",
  "bigint",
  "notANumber",
  "loneSurrogate",
  "loneSurrogateKey",
  "hugeText",
  "emptyText",
  "cycle",
] as const;
const thrown = [
  "undefined",
  "text",
  "null",
  "number",
  "emptyMessage",
  "loneSurrogate",
  "hugeMessage",
  "cutInTheMiddle",
] as const;

/** Every way in which a verb of this package could hand over something that it must not. */
const cases: readonly { title: string; verb: Verb; properties: Record<string, unknown> }[] = [
  ...verbs.flatMap((verb) => [
    ...values.map((value) => ({ title: `${verb} returns ${value}`, verb, properties: { value } })),
    ...thrown.map((throws) => ({ title: `${verb} throws ${throws}`, verb, properties: { throws } })),
  ]),
  ...(["create", "update"] as const).flatMap((verb) =>
    [
      ...values.map((value) => ({ value, throws: "text" })),
      ...thrown.map((throws) => ({ value: "emptyText", throws })),
    ].map(({ value, throws }) => ({
      title: `${verb} throws ${throws} with an id and ${value} in its properties`,
      verb,
      properties: { value, throws, started: true },
    })),
  ),
  { title: "create answers an empty id", verb: "create", properties: { id: "" } },
  { title: "read answers an empty id", verb: "read", properties: { id: "" } },
  { title: "create throws with an empty id", verb: "create", properties: { id: "", throws: "text", started: true } },
];

/** An answer that the engine can take: there in time, whole characters, a message that says something, an id. */
function findFault(verb: Verb, properties: Readonly<Record<string, unknown>>, answer: Answer): string | undefined {
  if (answer.kind === "silence") return "no answer";
  if (answer.kind === "error") {
    if (!("throws" in properties)) return `an error instead of a reply: ${answer.message.slice(0, 100)}`;
    if (answer.message === "" || answer.message === "undefined") return "an error without a message";
    if (!answer.message.isWellFormed()) return "half a character in a message";
    if (answer.message.length > 10_000) return "a message of megabytes";
    if (/\n\s+at /.test(answer.message)) return "a stack in a message";
    if (properties["started"] !== true) return undefined;
    if (answer.kept === undefined) return "the checkpoint is lost";
    if (answer.kept.id === "" || answer.kept.reasons.join("") === "") return "a checkpoint without id or reason";
    return hasLoneSurrogate([answer.kept.properties, answer.kept.reasons])
      ? "half a character in a checkpoint"
      : undefined;
  }
  if ("throws" in properties) return "a reply instead of an error";
  if (!JSON.stringify(answer.properties).isWellFormed() || hasLoneSurrogate(answer.properties))
    return "half a character";
  if ((verb === "create" || verb === "read") && answer.id === "") return "no id: the resource is dropped";
  return undefined;
}

function hasLoneSurrogate(value: unknown): boolean {
  if (typeof value === "string") return !value.isWellFormed();
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, entry]) => !key.isWellFormed() || hasLoneSurrogate(entry));
}

async function findFaults(border: "yes" | "no", timeoutMs: number): Promise<ReadonlyMap<string, string>> {
  const faults = new Map<string, string>();
  const plugin = await PluginClient.start(handlers, { BORDER: border });
  try {
    const answers = await Promise.all(
      cases.map(async ({ title, verb, properties }) => ({
        title,
        fault: findFault(verb, properties, await plugin.call(verb, properties, timeoutMs)),
      })),
    );
    for (const { title, fault } of answers) if (fault !== undefined) faults.set(title, fault);
  } finally {
    await plugin.stop();
  }
  return faults;
}

it("every verb answers whatever it returns or throws", async () => {
  expect(Object.fromEntries(await findFaults("yes", 240_000))).toEqual({});
});

it("without the border the same values make the plugin silent, lose the resource or garble the answer", async () => {
  const faults = await findFaults("no", 8_000);
  // Which verb carries which value at all differs: each of these does harm in at least one.
  for (const value of values.filter((name) => name !== "hugeText" && name !== "emptyText")) {
    expect({ value, harms: [...faults.keys()].some((title) => title.includes(value)) }).toEqual({ value, harms: true });
  }
  for (const throws of thrown) {
    expect({ throws, harms: [...faults.keys()].some((title) => title.includes(`throws ${throws}`)) }).toEqual({
      throws,
      harms: true,
    });
  }
});
