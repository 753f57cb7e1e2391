import fc from "fast-check";
import { readInterval, readMoment, toDmtf } from "../../../../../provider/transports/wsman/values/cimDateTime";

test.each([
  ["2030-01-07T12:00:00Z", "2030-01-07T12:00:00.000Z"],
  ["2030-01-07T12:00:00.1234567Z", "2030-01-07T12:00:00.123Z"],
  ["2030-01-07T20:00:00+08:00", "2030-01-07T12:00:00.000Z"],
  ["2030-01-06T23:30:00-00:30", "2030-01-07T00:00:00.000Z"],
  ["1601-01-01T00:00:00Z", "1601-01-01T00:00:00.000Z"],
  ["20300107210000.500000+540", "2030-01-07T12:00:00.500Z"],
  ["20300107070000.000000-300", "2030-01-07T12:00:00.000Z"],
])("%s is %s", (text, moment) => {
  expect(readMoment(text)).toBe(moment);
});

test.each([
  "2030-01-07T12:00:00",
  "2030-02-31T12:00:00Z",
  "2030-01-07T24:00:00Z",
  "2030-01-07T12:00:60Z",
  "20300107120000.000000+***",
  "2030010712****.******+000",
  "00000000000500.000000:000",
  "P0DT1H",
  "today",
  "",
])("%j is no timestamp", (text) => {
  expect(readMoment(text)).toBeUndefined();
});

test.each([
  ["P0DT18H30M0S", 66_600_000],
  ["P0DT0H0M0.014947S", 14],
  ["P1D", 86_400_000],
  ["PT5M", 300_000],
  ["00000000000500.000000:000", 300_000],
  ["00000001000000.250000:000", 86_400_250],
])("%s takes %d ms", (text, ms) => {
  expect(readInterval(text)).toBe(ms);
});

test.each(["P", "PT", "P1Y", "P1M", "-P1D", "20300107120000.000000+000", "5"])("%j is no interval", (text) => {
  expect(readInterval(text)).toBeUndefined();
});

test("a timestamp that is written as DMTF text is read as the same", () => {
  const moments = fc.date({ min: new Date("1601-01-01"), max: new Date("9000-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(moments, (moment) => {
      const text = toDmtf(moment.toISOString());
      expect(text).toMatch(/^\d{14}\.\d{6}\+000$/);
      expect(readMoment(text)).toBe(moment.toISOString());
    }),
  );
});
