import { waitAsAsked } from "../../../../provider/core/wait/waitAsAsked";
import { awaited, record, request, seen, vmId } from "../../../support/builders";
import { goodRun, lab, longRun, type Script } from "../../../support/fakeHost";

test.each([
  ["started", [`${vmId} primary`]],
  ["scheduled", []],
] as const)("a %s request is known to the session as waited for while it is: %j", async (outcome, keys) => {
  const one = lab(vmId, { timeline: goodRun });
  const during: string[][] = [];
  one.host.onCall = () => {
    during.push([...one.session.waitedFor]);
  };
  const begun = { record: record({ outcome, jobId: "job-1" }), awaited: awaited(), seen: seen() };
  await expect(waitAsAsked(begun, request(), one.context)).resolves.toMatchObject({ ok: true });
  expect(during.length).toBeGreaterThan(2);
  expect(new Set(during.map(String))).toEqual(new Set([String(keys)]));
  expect(one.session.waitedFor.size).toBe(0);
});

test.each<[string, Script]>([
  ["ends", { timeline: longRun.concat([[60, { state: 3, jobs: [{ jobState: 7 }] }]]) }],
  ["breaks", { timeline: longRun }],
])("a resync counts as running as long as it is waited for, also when the wait %s", async (how, script) => {
  const one = lab(vmId, script);
  const counted: number[] = [];
  one.host.onCall = () => {
    counted.push(one.session.waitedFor.size);
  };
  const show = one.context.progress.status.bind(one.context.progress);
  one.context.progress.status = (message) => {
    if (how === "breaks") throw new Error("a bug");
    show(message);
  };
  const begun = { record: record({ jobId: "job-1" }), awaited: awaited(), seen: seen() };
  await waitAsAsked(begun, request(), one.context).catch(() => undefined);
  expect(new Set(counted)).toEqual(new Set([1]));
  expect(one.session.waitedFor.size).toBe(0);
});

test.each(["started", "scheduled"] as const)("a caller who asked for a start does not wait: %s", async (outcome) => {
  const one = lab(vmId, { timeline: goodRun });
  const begun = { record: record({ outcome, jobId: "job-1" }), awaited: awaited(), seen: seen() };
  const result = await waitAsAsked(begun, request({ wait: "started" }), one.context);
  expect(result).toStrictEqual({ ok: true, record: begun.record });
  expect(one.log.calls).toEqual([]);
  expect(one.session.waitedFor.size).toBe(0);
});

test("what others wait for stays known when a wait has ended", async () => {
  const one = lab(vmId, { timeline: goodRun });
  one.session.waitedFor.add(`${vmId} extended`);
  await waitAsAsked({ record: record({ jobId: "job-1" }), awaited: awaited(), seen: seen() }, request(), one.context);
  expect([...one.session.waitedFor]).toEqual([`${vmId} extended`]);
});
