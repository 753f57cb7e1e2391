import { testRecordedRuns } from "./testRecordedRuns";

testRecordedRuns({ "31": "SIGTERM during create" });
