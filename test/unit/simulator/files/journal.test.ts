import { readFileSync, writeFileSync } from "node:fs";
import { localFiles } from "../../../../provider/simulator/files/fileAccess";
import { nextEnd, reconcileJournal } from "../../../../provider/simulator/files/journal";
import type { JournalLine } from "../../../../provider/simulator/model/journalLine";
import { removeScenarioFiles, scenarioFile } from "../lab";

afterAll(removeScenarioFiles);

const line: JournalLine = {
  at: "2030-01-07T12:00:00.000Z",
  door: "test",
  machine: "Größe",
  machineId: "x",
  operation: "Resynchronize",
  input: {},
  returnValue: 4096,
  jobId: null,
};
const empty = { bytesBefore: 0, lastLine: "" };
const text = `${JSON.stringify(line)}\n`;
const bytes = Buffer.byteLength(text);

function journalWith(content: string | Buffer): string {
  const path = `${scenarioFile("{}")}.jsonl`;
  writeFileSync(path, content);
  return path;
}

test("ends one line later with every call, counted in bytes", () => {
  const first = nextEnd(empty, line);
  expect(first).toEqual({ bytesBefore: 0, lastLine: text });
  expect(nextEnd(first, line)).toEqual({ bytesBefore: bytes, lastLine: text });
  expect(bytes).toBeGreaterThan(text.length);
});

test("writes a line that is missing", () => {
  const path = journalWith(text);
  reconcileJournal(localFiles, path, nextEnd(nextEnd(empty, line), line));
  expect(readFileSync(path, "utf8")).toBe(text + text);
});

test("completes a line at whatever byte it broke off", () => {
  const end = nextEnd(nextEnd(empty, line), line);
  for (let kept = 0; kept <= bytes; kept++) {
    const path = journalWith(Buffer.concat([Buffer.from(text), Buffer.from(text).subarray(0, kept)]));
    expect(reconcileJournal(localFiles, path, end)).toEqual(end);
    expect(readFileSync(path, "utf8")).toBe(text + text);
  }
});

test("cuts off what the state does not know", () => {
  const path = journalWith(`${text}{"at":`);
  reconcileJournal(localFiles, path, nextEnd(empty, line));
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("begins again in a journal that somebody emptied", () => {
  const path = journalWith("");
  const end = reconcileJournal(localFiles, path, nextEnd(nextEnd(empty, line), line));
  expect(end).toEqual(empty);
  expect(readFileSync(path, "utf8")).toBe("");
});
