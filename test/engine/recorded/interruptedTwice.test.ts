import { testRecordedRuns } from "./testRecordedRuns";

testRecordedRuns({
  "19": "a second interrupt during create",
  "20": "an up after that",
});
