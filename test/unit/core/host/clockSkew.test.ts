import { clockSkewMs, describeClockSkew } from "../../../../provider/core/host/clockSkew";
import { resync } from "../../../../provider/core/resync";
import { request, service, vmId } from "../../../support/builders";
import { atSecond, startMs } from "../../../support/fakeClock";
import { goodRun, lab } from "../../../support/fakeHost";

test("the host's clock is ahead of the runner's or behind it", () => {
  expect(clockSkewMs(service({ hostTime: atSecond(30) }), startMs)).toBe(30_000);
  expect(clockSkewMs(service({ hostTime: atSecond(-30) }), startMs)).toBe(-30_000);
});

test.each([
  [300, undefined],
  [-300, undefined],
  [301, "the clock of HV01 is 5 min ahead of the runner's: start times count by the host's clock"],
  [-301, "the clock of HV01 is 5 min behind the runner's: start times count by the host's clock"],
  [-7_260, "the clock of HV01 is 2 h 1 min behind the runner's: start times count by the host's clock"],
])("a host's clock that is %d s off is described as %s", (seconds, text) => {
  const warning = describeClockSkew(service({ hostTime: atSecond(seconds) }), startMs);
  expect(warning).toStrictEqual(text === undefined ? undefined : { code: "clockSkew", text });
});

const ahead = "the clock of HV01 is 1 h ahead of the runner's: start times count by the host's clock";

test("a resync on a host whose clock is off warns, and is completed by the host's time", async () => {
  const one = lab(vmId, { starts: [{ then: goodRun.map(([at, { jobs: _jobs, ...scene }]) => [at, scene]) }] });
  one.host.skewMs = 3_600_000;
  const { ok, record } = await resync(request(), one.context);
  expect({ ok, record }).toMatchObject({ ok: true, record: { warnings: [{ code: "clockSkew", text: ahead }] } });
  expect(Date.parse(record?.completionTime ?? "")).toBeGreaterThan(startMs + 3_600_000);
  expect(one.lines.lines.filter((line) => line.includes("clock"))).toEqual([`warn: ${ahead}`]);
});

test("what is refused says so too, and keeps no record for it", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 8 }]] });
  one.host.skewMs = 3_600_000;
  const result = await resync(request(), one.context);
  expect(result).toMatchObject({
    ok: false,
    error: { code: "REFUSED", message: expect.stringContaining("its replication is in state 8 (critical)") as string },
  });
  expect(result.record).toBeUndefined();
  expect(one.lines.text).toContain(ahead);
});

test.each([3_600_000, -3_600_000])("a wait for a start time counts by the host's clock, %d ms off", async (skewMs) => {
  const one = lab(vmId, { starts: [{ then: [[0, { jobs: [{ jobState: 2 }] }]] }] });
  one.host.skewMs = skewMs;
  const startTime = new Date(startMs + skewMs + 7_200_000).toISOString();
  const result = await resync(request({ startTime, timeoutMs: 600_000 }), one.context);
  expect(result).toMatchObject({ ok: false, error: { code: "JOB_TIMEOUT" } });
  const waitedSeconds = (one.clock.now() - startMs) / 1_000;
  expect(waitedSeconds).toBeGreaterThanOrEqual(7_800);
  expect(waitedSeconds).toBeLessThan(7_860);
});

test("the time that is left counts by the host's clock", async () => {
  const hostTime = new Date(startMs + 3_600_000).toISOString();
  const one = lab(vmId, {
    starts: [
      {
        then: [
          [0, { state: 10, jobs: [{ startTime: hostTime, percentComplete: 0 }] }],
          [100, { jobs: [{ startTime: hostTime, percentComplete: 50 }] }],
          [200, { state: 3, jobs: [{ startTime: hostTime, jobState: 7, percentComplete: 100 }] }],
        ],
      },
    ],
  });
  one.host.skewMs = 3_600_000;
  await resync(request(), one.context);
  expect(one.lines.text).toMatch(/resynchronizing 50 %, about 1 min \d+ s left/);
});
