import { testRecordedRuns } from "./testRecordedRuns";

testRecordedRuns({ "18": "an interrupt during create" });
