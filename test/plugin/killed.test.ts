import { testEndings } from "./endings";

testEndings([
  "the plugin is killed",
  "the engine is killed",
  "the run is interrupted twice",
  "the plugin is terminated",
]);
