import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { thinProvider } from "../../provider/thinProvider";

const root = join(__dirname, "../..");

/** The text that Pulumi stores, made in a process of its own: the SDK reads functions by an inspector of theirs. */
function serialised(): string {
  const folder = mkdtempSync(join(tmpdir(), "thin-provider-"));
  try {
    const source = readFileSync(join(root, "provider/thinProvider.ts"), "utf8");
    const { compilerOptions } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => readFileSync(path, "utf8"))
      .config as { compilerOptions: Record<string, unknown> };
    const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, root);
    const file = join(folder, "thinProvider.cjs");
    writeFileSync(
      file,
      ts.transpileModule(source, { compilerOptions: { ...options, module: ts.ModuleKind.CommonJS } }).outputText,
    );
    const script = `
      const { runtime } = require("@pulumi/pulumi");
      const { thinProvider } = require(${JSON.stringify(file)});
      runtime.serializeFunction(() => thinProvider).then(({ text }) => process.stdout.write(text));
    `;
    return execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const text = serialised();
const methods = ["configure", "check", "diff", "create", "read", "update", "delete"];

test("the stored text is small, whatever the package holds", () => {
  expect(text.length).toBeLessThan(6_000);
});

test.each(methods)("the stored text of %s is one call of the installed package", (name) => {
  expect(text).toMatch(new RegExp(`require\\("pulumi-hyperv-replica/lifecycle"\\)\\.${name}\\(`));
});

test("the stored text requires nothing else and captures no value", () => {
  expect(text.match(/require\([^)]*\)/g)).toEqual(methods.map(() => 'require("pulumi-hyperv-replica/lifecycle")'));
  expect(text).not.toMatch(/zod|node_modules|process\.env|\/provider\/|\/dist\//);
});

test("the provider has these methods and no other", () => {
  expect(Object.keys(thinProvider)).toEqual(methods);
});
