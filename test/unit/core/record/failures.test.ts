import { countFailure } from "../../../../provider/core/record/failures";
import { atSecond, startMs } from "../../../support/fakeClock";

test.each([
  [0, 5],
  [1, 10],
  [2, 20],
  [7, 640],
  [8, 1_280],
  [9, 1_440],
  [1_000, 1_440],
])("after %d failures in a row one more makes the next call wait %d minutes", (failuresInRow, minutes) => {
  const counted = countFailure({ failuresInRow, failingSince: atSecond(-60) }, startMs);
  expect(counted).toEqual({
    failuresInRow: failuresInRow + 1,
    failingSince: atSecond(-60),
    nextAttemptAt: atSecond(minutes * 60),
  });
});

test("a first failure is the beginning of the row", () => {
  expect(countFailure(undefined, startMs)).toMatchObject({ failuresInRow: 1, failingSince: atSecond(0) });
});
