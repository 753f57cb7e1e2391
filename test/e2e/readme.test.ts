import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { errorKinds } from "../../provider/core/errors";
import { returnCodes } from "../../provider/core/hyperv/returnCode";
import { type ConnectionField, connectionSchema } from "../../provider/connection/fields";
import { inputsSchema } from "../../provider/state/inputs";
import { recordSchema } from "../../provider/state/outputs";
import { variableOf } from "../../provider/connection/sources";
import { scenarioSchema } from "../../provider/simulator/scenario/scenarioSchema";
import { scriptSchema } from "../../provider/simulator/scenario/script";

const root = path.join(__dirname, "..", "..");
const readme = read("README.md");
const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];

function read(document: string): string {
  return readFileSync(path.join(root, document), "utf8");
}

/** The fenced blocks of a language. */
function blocksOf(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\S*)\n(.*?)^```$/gms)].flatMap(([, of, block]) =>
    of === language ? [block ?? ""] : [],
  );
}

/** The rows of the first table that follows a line, each as its cells. */
function tableAfter(line: string): readonly (readonly string[])[] {
  const lines = readme.split("\n");
  const after = lines.slice(lines.indexOf(line) + 1);
  if (after.length === lines.length) throw new Error(`the README has no line "${line}"`);
  const first = after.findIndex((one) => one.startsWith("|"));
  const length = after.slice(first).findIndex((one) => !one.startsWith("|"));
  const rows = after.slice(first, first + length).map((row) => row.split("|").slice(1, -1));
  return rows.slice(2).map((cells) => cells.map((cell) => cell.trim().replace(/^`(.*)`$/, "$1")));
}

function firstColumn(line: string): readonly string[] {
  return tableAfter(line)
    .map(([name]) => name ?? "")
    .sort();
}

function namesOf(shape: object): readonly string[] {
  return Object.keys(shape).sort();
}

/** What the compiler says of snippets, as if each were a file of a program beside the package. */
function compile(snippets: readonly string[]): readonly string[] {
  const config = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const files = new Map(
    snippets.map((text, index) => [path.posix.join(slashes(root), `snippet${index + 1}.ts`), text]),
  );
  const onDisk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...onDisk,
    fileExists: (file) => files.has(file) || onDisk.fileExists(file),
    readFile: (file) => files.get(file) ?? onDisk.readFile(file),
    getSourceFile: (file, languageVersion, ...rest) => {
      const text = files.get(file);
      return text === undefined
        ? onDisk.getSourceFile(file, languageVersion, ...rest)
        : ts.createSourceFile(file, text, languageVersion);
    },
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const where = file === undefined ? "" : `${path.basename(file.fileName)}:${lineOf(file, start ?? 0)}: `;
    return where + ts.flattenDiagnosticMessageText(messageText, "\n");
  });
}

function lineOf(file: ts.SourceFile, start: number): number {
  return file.getLineAndCharacterOfPosition(start).line + 1;
}

function slashes(file: string): string {
  return file.split(path.sep).join("/");
}

/** The anchor of a heading, as a forge makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");
}

function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading ?? ""));
}

it("every program in the README compiles against the package's own types", () => {
  const snippets = blocksOf(readme, "ts");
  expect(snippets.length).toBeGreaterThan(3);
  expect(compile(snippets)).toEqual([]);
}, 60_000);

it("the check of programs finds one that does not compile", () => {
  const wrong =
    'import { ReplicaResync } from "pulumi-hyperv-replica";\nnew ReplicaResync("web01", { vn: "web01" });\n';
  expect(compile([wrong])).toEqual([expect.stringMatching(/^snippet1\.ts:2: .*'vn' does not exist/)]);
}, 60_000);

it("every JSON block in the README is a scenario", () => {
  const blocks = blocksOf(readme, "json");
  expect(blocks).not.toHaveLength(0);
  for (const block of blocks) {
    expect(scenarioSchema.safeParse(JSON.parse(block))).toMatchObject({ success: true });
  }
});

it("the tables of inputs and connection fields name exactly those that are accepted", () => {
  expect(firstColumn("## Inputs")).toEqual(namesOf(inputsSchema.shape));
  expect(firstColumn("## Connection")).toEqual(namesOf(connectionSchema.shape));
});

it("the table of connection fields gives the configuration key and the environment variable of each", () => {
  for (const [field, , , , key, variable] of tableAfter("## Connection")) {
    expect([key, variable]).toEqual([`hyperv-replica:${field ?? ""}`, variableOf(field as ConnectionField)]);
  }
});

it("the table of outputs names exactly what a state holds beside the inputs", () => {
  expect(firstColumn("## Outputs")).toEqual([...namesOf(recordSchema.shape), "schemaVersion"].sort());
});

it("the table of return codes has every code with its name, meaning, remedy and effect", () => {
  const expected = [...returnCodes].map(([code, { name, meaning, remedy, effect }]) => [
    String(code),
    name,
    meaning,
    remedy,
    effect,
  ]);
  expect(expected).toHaveLength(14);
  expect(tableAfter("## Return codes")).toEqual(expected);
});

it("the table of errors has every code", () => {
  const codes = Object.keys(errorKinds);
  expect(codes).not.toHaveLength(0);
  expect(firstColumn("## Errors")).toEqual(codes.sort());
});

it("the tables of a scenario name exactly its keys", () => {
  const machine = scenarioSchema.shape.machines.unwrap().element;
  expect(firstColumn("### Scenario")).toEqual(namesOf(scenarioSchema.shape));
  expect(firstColumn("A machine:")).toEqual(namesOf(machine.shape));
  expect(firstColumn("A script in `resync`:")).toEqual(namesOf(scriptSchema.shape));
});

it.each(documents)("every npm command in %s is there", (document) => {
  const text = read(document);
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const code = [...text.matchAll(/^```(?:sh)?\n(.*?)^```$/gms), ...text.matchAll(/`([^`\n]+)`/g)].map(([, one]) => one);
  const ofNpm = ["ci", "install", "pack"];
  const unknown = code
    .flatMap((one) => [...(one ?? "").matchAll(/\bnpm (run )?([a-z][a-z:-]*)/g)])
    .filter(([, run, name = ""]) => !(name in scripts) && (run !== undefined || !ofNpm.includes(name)))
    .map(([command]) => command);
  expect(unknown).toEqual([]);
  if (document !== "CHANGELOG.md") expect(code).toContain("npm run verify");
});

it.each(documents)("every link in %s that leads into the repository resolves", (document) => {
  const text = read(document);
  const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link ?? "");
  const broken = links.filter((link) => {
    const [file = "", anchor] = link.split("#");
    if (file !== "" && !existsSync(path.join(root, file))) return true;
    return anchor !== undefined && !anchorsOf(file === "" ? text : read(file)).includes(anchor);
  });
  expect(broken).toEqual([]);
});
