import { testRecordedRuns } from "./testRecordedRuns";

testRecordedRuns({
  "12": "a create that fails before anything started",
  "13": "a create that fails after it started",
  "14": "a refresh after that",
  "15": "an up after the refresh",
  "16": "an update that fails after it started",
  "17": "a destroy after that",
});
