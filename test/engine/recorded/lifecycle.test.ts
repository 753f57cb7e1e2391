import { testRecordedRuns } from "./testRecordedRuns";

testRecordedRuns({
  "01": "a preview of two resources",
  "02": "an up that creates them",
  "03": "an up without change",
  "04": "a preview of an update",
  "05": "an up that updates",
  "06": "an up that replaces",
  "07": "a refresh",
  "08": "an up with refresh",
  "09": "an up with another text of the provider",
  "10": "an up that check refuses",
  "11": "a destroy",
});
