import { testRecordedRuns } from "./testRecordedRuns";

testRecordedRuns({
  "28": "an up that creates",
  "29": "a refresh that finds it gone",
  "32": "an up that creates it again",
});
