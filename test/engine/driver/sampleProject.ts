import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { recordingsDirectory } from "../recorded/recordedRuns";

/** A project in a temporary folder in which programs can be run. */
export interface SampleProject {
  readonly directory: string;
  remove(): void;
}

/** The recorded program, with its package. */
export function openSampleProject(): SampleProject {
  return openProject((directory) => {
    const program = path.join(recordingsDirectory, "program");
    for (const name of ["Pulumi.yaml", "index.js"]) cpSync(path.join(program, name), path.join(directory, name));
    cpSync(path.join(program, "sample-thing"), path.join(directory, "node_modules", "sample-thing"), {
      recursive: true,
    });
  });
}

/** A program made for one test. The SDK is there as `pulumi`, and the provider's methods may be given as they are. */
export function openProgram(text: string): SampleProject {
  return openProject((directory) => {
    writeFileSync(
      path.join(directory, "Pulumi.yaml"),
      "name: test\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    writeFileSync(path.join(directory, "index.js"), `const pulumi = require("@pulumi/pulumi");\n${text}\n`);
  });
}

/** A project with the SDK where Node finds it. */
export function openProject(fill: (directory: string) => void): SampleProject {
  const directory = mkdtempSync(path.join(tmpdir(), "sample-project-"));
  writeFileSync(path.join(directory, "package.json"), JSON.stringify({ name: "sample", private: true }));
  const packages = path.join(directory, "node_modules");
  mkdirSync(path.join(packages, "@pulumi"), { recursive: true });
  const sdk = path.dirname(createRequire(__filename).resolve("@pulumi/pulumi/package.json"));
  symlinkSync(sdk, path.join(packages, "@pulumi", "pulumi"), "junction");
  fill(directory);
  return {
    directory,
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
