import { testRecordedRuns } from "./testRecordedRuns";

testRecordedRuns({
  "21": "an up with configuration",
  "22": "a refresh after a changed secret",
  "23": "a refresh that runs the program",
  "24": "an up with the changed secret",
});
