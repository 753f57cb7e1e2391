import { testRecordedRuns } from "./testRecordedRuns";

testRecordedRuns({
  "25": "an up that creates",
  "26": "a replacement whose create fails after it started",
  "27": "an up that settles both",
});
