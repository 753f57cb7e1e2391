import { Replay } from "./replay";
import type { RunNumber } from "./recordedRuns";

/** Makes recorded runs of one stack again, in their order, and compares each with its recording. */
export function testRecordedRuns(runs: Readonly<Partial<Record<RunNumber, string>>>): void {
  const replay = new Replay();
  afterAll(async () => {
    await replay.close();
  });
  test.each(Object.entries(runs).sort(([one], [other]) => one.localeCompare(other)))(
    "run %s, %s, says the same as the recording",
    async (number) => {
      const { wire, state, counts } = await replay.run(number as RunNumber);
      expect(wire.actual).toEqual(wire.recorded);
      expect(state.actual).toEqual(state.recorded);
      expect(counts.actual).toEqual(counts.recorded);
    },
  );
}
