// Writes docs/api/: what the package exports, with every type in it, from the declarations in dist/. With --check it only
// compares, and fails where the two differ.
import path from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

const root = path.join(import.meta.dirname, "..");
const isCheck = process.argv.includes("--check");
/** The entries that programs import; what `./lifecycle` exports belongs to the stored text of the provider. */
const entries = { index: "dist/index.d.ts", simulator: "dist/simulator/index.d.ts" };

const silent = { default: { logLevel: ExtractorLogLevel.None } };
const outcomes = Object.entries(entries).map(([name, declarations]) => {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: path.join(root, declarations),
      newlineKind: "lf",
      compiler: { tsconfigFilePath: path.join(root, "tsconfig.build.json") },
      apiReport: {
        enabled: true,
        reportFileName: name,
        // A change of a type behind an exported one shows as well.
        includeForgottenExports: true,
        reportFolder: path.join(root, "docs", "api"),
        reportTempFolder: path.join(root, ".build", "api"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // A type that users meet without being able to name it shows in the report.
        extractorMessageReporting: {
          ...silent,
          "ae-forgotten-export": { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
        tsdocMessageReporting: silent,
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: path.join(root, "package.json"),
  });
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    localBuild: !isCheck,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  return { name, apiReportChanged, errorCount };
});

for (const { name, apiReportChanged } of outcomes) {
  const report = `docs/api/${name}.api.md`;
  const what = isCheck ? "differs from dist/: run npm run api and review the change" : "was brought up to date";
  process.stdout.write(`${report} ${apiReportChanged ? what : "is up to date"}\n`);
}
const isWrong = outcomes.some(({ apiReportChanged, errorCount }) => errorCount > 0 || (isCheck && apiReportChanged));
process.exitCode = isWrong ? 1 : 0;
