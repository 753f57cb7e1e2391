import { endAtDeadline } from "../../../../provider/core/wait/deadline";
import { record, request, vmId } from "../../../support/builders";
import { lab, longRun } from "../../../support/fakeHost";

const waiting = { host: "HV01", vm: "web01", step: "wait" };
const keepWaiting = "Run up again to keep waiting; timeoutSeconds says how long one run waits";
const letContinue = "Let it continue: Resume-VMReplication -Continue. Then run up again to keep waiting";

test("a resync that is left is kept as it is, with what was not finished", async () => {
  const one = lab(vmId, { timeline: longRun });
  const kept = record({ jobId: "job-1", jobState: 4, percentComplete: 10, replicationState: 10, reason: "begun" });
  const result = await endAtDeadline(kept, request({ timeoutMs: 600_000 }), one.context);
  const summary = "not finished after 10 min (state resynchronizing, job job-1 running at 10 %)";
  expect(result).toStrictEqual({
    ok: false,
    error: expect.objectContaining({
      code: "JOB_TIMEOUT",
      effect: "started",
      summary,
      remedy: keepWaiting,
      context: waiting,
    }) as Error,
    record: { ...kept, reason: summary },
  });
  expect(one.log.calls).toEqual([]);
});

test.each([
  [7, letContinue],
  [11, letContinue],
  [9, keepWaiting],
  [10, keepWaiting],
  [0, keepWaiting],
  [null, keepWaiting],
  [99, keepWaiting],
])("a resync that is left in state %s says what to do", async (replicationState, remedy) => {
  const result = await endAtDeadline(record({ replicationState }), request(), lab(vmId).context);
  expect(result).toMatchObject({ ok: false, error: { remedy } });
});

test("a resync that is to be cancelled is cancelled, because of the deadline", async () => {
  const one = lab(vmId, { timeline: longRun });
  const given = request({ timeoutMs: 600_000, onTimeout: "cancel" });
  const result = await endAtDeadline(record({ jobId: "job-1" }), given, one.context);
  expect(result).toMatchObject({
    ok: false,
    error: { code: "JOB_FAILED", cause: { code: "JOB_TIMEOUT", context: waiting } },
    record: { outcome: "cancelled" },
  });
  expect(one.log.requestedStates).toEqual([9]);
});
