import type { EarlierRun } from "../../../../provider/core/decide/decision";
import { newRecord } from "../../../../provider/core/record/beginning";
import type { ResyncRecord } from "../../../../provider/core/record/record";
import { beginRecord } from "../../../../provider/core/start/attempt";
import { failedRecord, observation, record, request, vmId } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";
import { lab } from "../../../support/fakeHost";

function begun(earlier?: EarlierRun): ResyncRecord {
  return beginRecord({ observation: observation(), request: request(), earlier, context: lab(vmId).context });
}

const fresh = newRecord(observation(), "request-1", undefined);

test("a first try begins with an id of its own and without failures", () => {
  expect(begun()).toStrictEqual(fresh);
});

test("a further try is the same request", () => {
  const before = failedRecord({ attempts: 2, jobId: "job-0", reason: "no", returnCode: 4096 });
  expect(begun({ kind: "resume", record: before, mayStart: true })).toStrictEqual({
    ...fresh,
    requestId: "request-0",
    attempts: 2,
    failuresInRow: 1,
    failingSince: atSecond(-600),
  });
});

test("a heal is another request, whose failures count on", () => {
  expect(begun({ kind: "heal", record: failedRecord({ outcome: "completed", attempts: 2 }) })).toStrictEqual({
    ...fresh,
    failuresInRow: 1,
    failingSince: atSecond(-600),
  });
  expect(begun({ kind: "heal", record: record({ attempts: 2 }) })).toStrictEqual(fresh);
});
