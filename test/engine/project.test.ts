import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readConfig, readProject } from "./project";

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), "project-"))));
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const write = (name: string, text: string): void => {
  writeFileSync(path.join(directory, name), text);
};

test("TypeScript is the default, and the program is in the project's folder", () => {
  write("Pulumi.yaml", "name: p\nruntime: nodejs\n");
  expect(readProject(directory)).toEqual({
    name: "p",
    rootDirectory: directory,
    programDirectory: directory,
    entryPoint: ".",
    typescript: true,
  });
});

test("`main` names a folder or a file", () => {
  mkdirSync(path.join(directory, "app"));
  write(path.join("app", "run.js"), "");
  write("Pulumi.yaml", "name: p\nruntime: { name: nodejs, options: { typescript: false } }\nmain: app\n");
  const inApp = { programDirectory: path.join(directory, "app"), typescript: false };
  expect(readProject(directory)).toMatchObject({ ...inApp, entryPoint: "." });
  write("Pulumi.yaml", "name: p\nruntime: nodejs\nmain: ./app/run.js\n");
  expect(readProject(directory)).toMatchObject({ ...inApp, typescript: true, entryPoint: "run.js" });
});

test("says what is missing or not supported", () => {
  expect(() => readProject(directory)).toThrow("no Pulumi.yaml");
  write("Pulumi.yaml", "name: p\nruntime: python\n");
  expect(() => readProject(directory)).toThrow("does not support runtime `python`");
});

test("configuration of the stack's file and of the command line, with the project's name as the default namespace", () => {
  write("Pulumi.yaml", "name: p\nruntime: nodejs\n");
  write("Pulumi.dev.yaml", "config:\n  p:host: one\n  p:count: 3\n  p:list: [1, 2]\n");
  const config = readConfig(readProject(directory), "dev", {
    plain: ["host=two", "other:key=a=b"],
    secret: ["token=x"],
  });
  expect(Object.fromEntries(config.values)).toEqual({
    "p:host": "two",
    "p:count": "3",
    "p:list": "[1,2]",
    "other:key": "a=b",
    "p:token": "x",
  });
  expect([...config.secretKeys]).toEqual(["p:token"]);
});

test("refuses values that the CLI has encrypted", () => {
  write("Pulumi.yaml", "name: p\nruntime: nodejs\n");
  write("Pulumi.dev.yaml", "config:\n  p:token:\n    secure: v1:abc\n");
  expect(() => readConfig(readProject(directory), "dev", { plain: [], secret: [] })).toThrow("p:token");
});
