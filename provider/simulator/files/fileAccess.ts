import * as fs from "node:fs";

/** The few things the simulator does with files, one system call each, so that a test can stop between any two. */
export interface FileAccess {
  /** `undefined` when there is no such file. */
  readonly read: (path: string) => string | undefined;
  /** Bytes; 0 when there is no such file. */
  readonly size: (path: string) => number;
  readonly write: (path: string, text: string) => void;
  /** Writes from this byte on; makes the file when it is missing. */
  readonly writeAt: (path: string, position: number, text: string) => void;
  readonly truncate: (path: string, bytes: number) => void;
  /** Puts `from` in the place of `to`, at once and whole. */
  readonly rename: (from: string, to: string) => void;
  /** Gives a file a second name, at once and with its content; `false` when that name is taken. */
  readonly link: (existing: string, name: string) => boolean;
  /** Age in milliseconds by the file's own time; `undefined` when there is no such file. */
  readonly age: (path: string) => number | undefined;
  /** Does nothing when there is no such file. */
  readonly remove: (path: string) => void;
  /** The names in a folder. */
  readonly list: (folder: string) => string[];
}

/** The file system of this computer. Nothing is flushed to the disk: a killed process loses nothing that it wrote. */
export const localFiles: FileAccess = {
  read: (path) => unlessMissing(() => untilFree(() => fs.readFileSync(path, "utf8"))),
  size: (path) => fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  write: (path, text) => {
    fs.writeFileSync(path, text);
  },
  writeAt(path, position, text) {
    const file = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o666);
    try {
      fs.writeSync(file, text, position);
    } finally {
      fs.closeSync(file);
    }
  },
  truncate: (path, bytes) => {
    fs.truncateSync(path, bytes);
  },
  rename: (from, to) => {
    untilFree(() => {
      fs.renameSync(from, to);
    });
  },
  link(existing, name) {
    try {
      fs.linkSync(existing, name);
      return true;
    } catch (error) {
      // Windows says "no permission" for a name whose last file is just being removed.
      if (codeOf(error) === "EEXIST" || isBusy(error)) return false;
      throw error;
    }
  },
  age(path) {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? undefined : Date.now() - stat.mtimeMs;
  },
  remove: (path) => {
    untilFree(() => {
      fs.rmSync(path, { force: true });
    });
  },
  list: (folder) => fs.readdirSync(folder),
};

/** Sixty attempts, each pause a millisecond longer than the last: about two seconds. */
const attempts = 60;

/**
 * Windows refuses to open, replace or remove a file while another process (a virus scanner, an editor) has it: a few
 * milliseconds later it is free.
 */
function untilFree<Value>(action: () => Value): Value {
  for (let attempt = 1; ; attempt++) {
    try {
      return action();
    } catch (error) {
      if (attempt === attempts || !isBusy(error)) throw error;
      pause(attempt);
    }
  }
}

function isBusy(error: unknown): boolean {
  return process.platform === "win32" && ["EPERM", "EACCES", "EBUSY"].includes(codeOf(error));
}

function pause(delayMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs);
}

function unlessMissing<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The code of a system error, "" for anything else. Not by `instanceof`: Node's own errors may come from another realm. */
export function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}
