import type { ResyncRecord } from "../../../provider/core/record/record";
import { assessChange, type Change } from "../../../provider/lifecycle/plan/change";
import { explainChange, explainCreate } from "../../../provider/lifecycle/plan/explain";
import { toOutputs } from "../../../provider/state/outputs";
import { otherVmId, record, vmId } from "../../support/builders";
import { inputs } from "../../support/fakeStack";
import { code, listed, table } from "../markdown";

type Properties = Readonly<Record<string, unknown>>;

interface Case {
  readonly title: string;
  readonly before?: Properties;
  readonly now?: Properties;
  /** A refresh has found that the VM requires a resync since then. */
  readonly isRequired?: boolean;
}

/** What the program asked for when the state was written. */
const asked = { triggers: ["one"] };

const settings: Readonly<Record<string, unknown>> = {
  policy: "always",
  connection: { scenario: "other.json" },
  startTime: "2030-02-01T22:00:00Z",
  wait: "started",
  timeoutSeconds: 60,
  stalledAfterSeconds: 60,
  onTimeout: "cancel",
};

const cases: readonly Case[] = [
  { title: "nothing" },
  { title: "nothing, and a refresh has recorded state 9", isRequired: true },
  {
    title: `nothing, with ${code('policy: "always"')}, and a refresh has recorded state 9`,
    before: { policy: "always" },
    now: { policy: "always" },
    isRequired: true,
  },
  { title: "the version of the package", now: { __provider: "another text" } },
  { title: "`triggers`: other values", now: { triggers: ["two"] } },
  { title: "`triggers`: removed", now: { triggers: undefined } },
  ...Object.entries(settings).map(([name, value]) => ({ title: code(name), now: { [name]: value } })),
  { title: "`vm`: the same VM by its GUID, or in other letter case", now: { vm: vmId.toUpperCase() } },
  { title: "`vm`: another VM", now: { vm: otherVmId } },
  { title: "`relationship`", now: { relationship: "extended" } },
];

const ended = [record({ outcome: "completed" }), record({ outcome: "skipped" })];
const begun = [record({ outcome: "started" }), record({ outcome: "scheduled" })];
const bad = [record({ outcome: "failed" }), record({ outcome: "unknown" }), record({ outcome: "cancelled" })];

/** What an `up` does about a change in the program, by the outcome that the state holds. */
export function changesTable(): string {
  const rows = new Map<string, string[]>();
  for (const one of cases) {
    const cells = [ended, begun, bad].map((records) => comesTo(one, records));
    const key = cells.join("|");
    const isSetting = one.now !== undefined && Object.keys(one.now).some((name) => name in settings);
    if (isSetting && rows.has(key)) rows.get(key)?.push(one.title);
    else rows.set(isSetting ? key : `${one.title}|${key}`, [one.title]);
  }
  const header = [
    "Changed since",
    "`completed`, `skipped`",
    "`started`, `scheduled`",
    "`failed`, `unknown`, `cancelled`",
  ];
  return table(
    header,
    [...rows].map(([key, titles]) => [listed(titles, "or"), ...key.split("|").slice(-3)]),
  );
}

function comesTo({ before = {}, now = {}, isRequired = false }: Case, records: readonly ResyncRecord[]): string {
  const words = records.map((kept) => {
    const state = isRequired ? 9 : 3;
    const olds = toOutputs(inputs({ ...asked, ...before }), { ...kept, replicationState: state });
    return inWords(assessChange(olds, inputs({ ...asked, ...before, ...now })));
  });
  return listed([...new Set(words)], "or");
}

function inWords({ kind }: Change): string {
  switch (kind) {
    case "none":
      return "nothing";
    case "replace":
      return "a new resource, a new request";
    case "newRequest":
      return "a new request";
    case "heal":
      return "a new request: it resynchronizes the VM";
    case "resume":
      return "resumes the request";
    case "settings":
      return "updated, no call";
    case "refused":
      return "refused";
    default:
      return kind satisfies never;
  }
}

/** The line beside the resource in a preview. */
export function previewTable(): string {
  const before = record({ outcome: "completed", replicationState: 3 });
  const line = (kept: ResyncRecord, now: Properties): string => {
    const news = inputs({ ...asked, ...now });
    return explainChange(assessChange(toOutputs(inputs(asked), kept), news), news) ?? "";
  };
  const rows: readonly (readonly [string, string])[] = [
    ["a new resource", explainCreate(inputs())],
    ["a new resource, forced", explainCreate(inputs({ policy: "always" }))],
    ["new `triggers`", line(before, { triggers: ["two"] })],
    ["a refresh has recorded state 9", line({ ...before, replicationState: 9 }, {})],
    ["a request that has begun", line(record({ jobId: "E1FA2243-…" }), {})],
    ["a request that failed", line(record({ outcome: "failed", nextAttemptAt: "2030-01-07T12:05:00.000Z" }), {})],
    ["settings only", line(before, { connection: {} })],
    ["another VM", line(before, { vm: "db01" })],
  ];
  return table(
    ["The next `up`", "The line"],
    rows.map(([what, text]) => [what, code(text)]),
  );
}
