import { testRecordedRuns } from "./testRecordedRuns";

testRecordedRuns({ "30": "a plugin that is killed during create" });
