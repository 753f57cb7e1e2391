import { diff } from "../../../provider/lifecycle/diff";
import type { Properties } from "../../../provider/lifecycle/context";
import { toOutputs } from "../../../provider/state/outputs";
import type { ResyncRecord } from "../../../provider/core/record/record";
import { record, vmId } from "../../support/builders";
import { lab } from "../../support/fakeHost";
import { inputs, plugin } from "../../support/fakeStack";
import { ofNewerVersion } from "../state/stored";

function ask(
  news: Properties,
  kept: Partial<ResyncRecord> = {},
): { result: ReturnType<typeof diff>; lines: readonly string[]; contacts: number } {
  const { host, log } = lab(vmId);
  const { context, lines, opened } = plugin(host);
  const olds = toOutputs(inputs(), record({ outcome: "completed", replicationState: 3, ...kept }));
  const result = diff(vmId, olds, inputs(news), context);
  return { result, lines: lines.lines, contacts: log.calls.length + opened() };
}

test.each<[string, Properties, Partial<ResyncRecord>, boolean, string[]]>([
  ["nothing", {}, {}, false, []],
  ["the text of the provider", { __provider: "new" }, {}, false, []],
  ["settings", { wait: "started" }, {}, true, []],
  ["new triggers", { triggers: [1] }, {}, true, []],
  ["another VM", { vm: "web02" }, {}, true, ["vm"]],
  ["a failed request", {}, { outcome: "failed" }, true, []],
  ["an unknown request", {}, { outcome: "unknown" }, true, []],
  ["a cancelled request", {}, { outcome: "cancelled" }, true, []],
  ["a started request", {}, { outcome: "started" }, true, []],
  ["state 9 again", {}, { replicationState: 9 }, true, []],
])(
  "%s: what will be done is reported and explained, and no host is contacted",
  (_what, news, kept, changes, replaces) => {
    const { result, lines, contacts } = ask(news, kept);
    expect(result).toEqual({ changes, replaces, deleteBeforeReplace: false });
    expect(lines.filter((line) => line.startsWith("status: "))).toHaveLength(changes ? 1 : 0);
    expect(contacts).toBe(0);
  },
);

test("state of a newer version differs, with a warning: a refresh asks as well, and must not fail as a whole", () => {
  const { context, lines } = plugin(lab(vmId).host);
  const olds = ofNewerVersion(toOutputs(inputs(), record()));
  expect(diff(vmId, olds, inputs(), context)).toEqual({ changes: true, replaces: [], deleteBeforeReplace: false });
  expect(lines.lines).toEqual([expect.stringMatching(/^warn.*newer version/)]);
});
