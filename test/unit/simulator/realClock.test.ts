import { systemClock } from "../../../provider/simulator/realClock";

test("ends a sleep with the signal's own reason as soon as it is aborted", async () => {
  const stop = new AbortController();
  const sleeping = systemClock.sleep(60_000, stop.signal);
  stop.abort(new RangeError("enough"));
  await expect(sleeping).rejects.toThrow(RangeError);
});

test("does not begin a sleep for a signal that is aborted already", async () => {
  await expect(systemClock.sleep(60_000, AbortSignal.abort(new RangeError("before")))).rejects.toThrow("before");
});

test("sleeps to the end when nobody aborts it", async () => {
  await expect(systemClock.sleep(1)).resolves.toBeUndefined();
});
