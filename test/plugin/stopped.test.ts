import { testEndings } from "./endings";

testEndings(["the engine is terminated", "the run is interrupted"]);
