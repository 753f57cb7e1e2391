import { scenarioSchema } from "../../provider/simulator/scenario/scenarioSchema";
import { compile } from "./pages/compile";
import { blocksOf, brokenLinks, linkedFiles, pages, readPage } from "./pages/page";

const { files, scripts } = JSON.parse(readPage("package.json")) as { files: string[]; scripts: Record<string, string> };

/** What npm packs whatever `files` says. */
const alwaysPacked = ["README.md", "LICENSE", "package.json"];

function isPacked(file: string): boolean {
  return alwaysPacked.includes(file) || files.some((packed) => file === packed || file.startsWith(`${packed}/`));
}

it("the README has at most 15 kB", () => {
  expect(Buffer.byteLength(readPage("README.md"))).toBeLessThanOrEqual(15_000);
});

it("every program on a page compiles against the package's own types", () => {
  const programs = pages.flatMap((page) => blocksOf(readPage(page), "ts"));
  expect(programs.length).toBeGreaterThan(8);
  expect(compile(programs)).toEqual([]);
});

it("the check of programs finds one that does not compile", () => {
  const wrong =
    'import { ReplicaResync } from "pulumi-hyperv-replica";\nnew ReplicaResync("web01", { vn: "web01" });\n';
  expect(compile([wrong])).toEqual([expect.stringMatching(/^snippet1\.ts:2: .*'vn' does not exist/)]);
});

it("every JSON block on a page is a scenario", () => {
  const blocks = pages.flatMap((page) => blocksOf(readPage(page), "json"));
  expect(blocks).not.toHaveLength(0);
  for (const block of blocks) {
    expect(scenarioSchema.safeParse(JSON.parse(block))).toMatchObject({ success: true });
  }
});

it.each(pages)("every npm command in %s is there", (page) => {
  const text = readPage(page);
  const code = [...text.matchAll(/^```(?:sh)?\n(.*?)^```$/gms), ...text.matchAll(/`([^`\n]+)`/g)].map(([, one]) => one);
  const ofNpm = ["ci", "install", "pack", "init", "pkg"];
  const unknown = code
    .flatMap((one) => [...(one ?? "").matchAll(/\bnpm (run )?([a-z][a-z:-]*)/g)])
    .filter(([, run, name = ""]) => !(name in scripts) && (run !== undefined || !ofNpm.includes(name)))
    .map(([command]) => command);
  expect(unknown).toEqual([]);
  if (page === "CONTRIBUTING.md") expect(code).toContain("npm run verify");
});

it.each(pages)("every link in %s that leads into the repository resolves", (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

it("every link on a page of the package leads to a file of the package", () => {
  const packed = pages.filter(isPacked);
  expect(packed).toEqual(expect.arrayContaining(["README.md", "docs/connection.md", "examples/jea/README.md"]));
  expect(packed.flatMap(linkedFiles).filter((file) => !isPacked(file))).toEqual([]);
});
