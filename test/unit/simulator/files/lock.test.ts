import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { SimulatorError } from "../../../../provider/simulator/simulatorError";
import { localFiles, type FileAccess } from "../../../../provider/simulator/files/fileAccess";
import { localProcesses, withLock } from "../../../../provider/simulator/files/lock";
import { removeScenarioFiles, scenarioFile } from "../lab";

afterAll(removeScenarioFiles);

const dead = { pid: 4_000_000, machine: hostname(), id: "0b0e7a52-6f0e-4b52-9d5c-0d6a1f7f8f11" };
const processes = { pid: process.pid, isAlive: (pid: number) => pid !== dead.pid };

function lockPath(): string {
  return `${scenarioFile("{}")}.lock`;
}

test("lets one action at a time in, and leaves nothing behind", async () => {
  const path = lockPath();
  let inside = 0;
  const seen = await Promise.all(
    Array.from({ length: 20 }, async () =>
      withLock(localFiles, path, () => {
        inside += 1;
        const now = inside;
        inside -= 1;
        return now;
      }),
    ),
  );
  expect(new Set(seen)).toEqual(new Set([1]));
  expect(readdirSync(dirname(path))).toEqual(["lab.json"]);
});

test("is free again after an action that threw", async () => {
  const path = lockPath();
  await expect(
    withLock(localFiles, path, () => {
      throw new RangeError("inside");
    }),
  ).rejects.toThrow("inside");
  expect(await withLock(localFiles, path, () => "free")).toBe("free");
});

test("takes over at once from an owner that has ended", async () => {
  const path = lockPath();
  writeFileSync(path, JSON.stringify(dead));
  expect(await withLock(localFiles, path, () => "taken", { processes })).toBe("taken");
  expect(existsSync(path)).toBe(false);
});

test("takes over when the one that was taking over has ended too", async () => {
  const path = lockPath();
  writeFileSync(path, JSON.stringify(dead));
  writeFileSync(`${path}.${dead.id}`, JSON.stringify({ ...dead, id: "1c1e7a52-6f0e-4b52-9d5c-0d6a1f7f8f12" }));
  expect(await withLock(localFiles, path, () => "taken", { processes })).toBe("taken");
  expect(readdirSync(dirname(path))).toEqual(["lab.json"]);
});

test("waits for a living owner, until the caller's signal ends it", async () => {
  const path = lockPath();
  writeFileSync(path, JSON.stringify({ ...dead, pid: process.pid }));
  const stop = new AbortController();
  const waiting = withLock(localFiles, path, () => "taken", { signal: stop.signal, processes });
  setImmediate(() => {
    stop.abort(new RangeError("enough"));
  });
  await expect(waiting).rejects.toThrow("enough");
  expect(existsSync(path)).toBe(true);
});

test("does not believe in an owner that seems alive for longer than any action takes", async () => {
  const path = lockPath();
  writeFileSync(path, JSON.stringify({ ...dead, pid: process.pid }));
  const past = new Date(Date.now() - 11_000);
  utimesSync(path, past, past);
  expect(await withLock(localFiles, path, () => "taken", { processes })).toBe("taken");
});

test("judges the owner on another computer by age alone", async () => {
  const path = lockPath();
  writeFileSync(path, JSON.stringify({ ...dead, machine: "elsewhere" }));
  const stop = new AbortController();
  const waiting = withLock(localFiles, path, () => "taken", { signal: stop.signal, processes });
  setImmediate(() => {
    stop.abort(new RangeError("enough"));
  });
  await expect(waiting).rejects.toThrow("enough");
});

test("tells an owner that stood still for too long that it lost the lock, and leaves the new one alone", async () => {
  const path = lockPath();
  await expect(
    withLock(localFiles, path, (lock) => {
      writeFileSync(path, JSON.stringify(dead));
      lock.confirm();
    }),
  ).rejects.toThrow(SimulatorError);
  expect(existsSync(path)).toBe(true);
});

test("knows a living process from an ended one", () => {
  expect(localProcesses.isAlive(process.pid)).toBe(true);
  expect(localProcesses.isAlive(dead.pid)).toBe(false);
});

test("leaves a lock alone that came into the place of a dead one while it was being taken away", async () => {
  const path = lockPath();
  writeFileSync(path, JSON.stringify(dead));
  const living = JSON.stringify({ ...dead, pid: process.pid, id: "2d2e7a52-6f0e-4b52-9d5c-0d6a1f7f8f13" });
  const files: FileAccess = {
    ...localFiles,
    link(existing, name) {
      // Another process is faster: the dead lock is gone and a living one is there.
      if (name.endsWith(dead.id)) writeFileSync(path, living);
      return localFiles.link(existing, name);
    },
  };
  const stop = new AbortController();
  const waiting = withLock(files, path, () => "taken", { signal: stop.signal, processes });
  setImmediate(() => {
    stop.abort(new RangeError("enough"));
  });
  await expect(waiting).rejects.toThrow("enough");
  expect(readFileSync(path, "utf8")).toBe(living);
});
