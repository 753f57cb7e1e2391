import path from "node:path";
import ts from "typescript";
import { root } from "./page";

/** What the compiler says of programs, as if each were a file beside the package. */
export function compile(programs: readonly string[]): readonly string[] {
  const config = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const files = new Map(
    programs.map((text, index) => [path.posix.join(slashes(root), `snippet${index + 1}.ts`), text]),
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
