import { writeFileSync } from "node:fs";
import { behaviourPage, readPage, renderPage } from "./behaviourPage";

/** Brings the tables of `docs/behaviour.md` up to date. */
async function main(): Promise<void> {
  const before = readPage();
  const now = await renderPage(before);
  if (now !== before) writeFileSync(behaviourPage, now);
  process.stdout.write(
    now === before ? "docs/behaviour.md is up to date\n" : "docs/behaviour.md was brought up to date\n",
  );
}

void main();
