import { localFiles, type FileAccess } from "../../../provider/simulator/fileAccess";

/** Thrown where the process "dies". */
export class Crash extends Error {}

/** Where a process dies: before its nth touch of a file, or half way through it when that is a write. */
export interface CrashPoint {
  readonly step: number;
  readonly torn: boolean;
}

/** The local files until the crash; afterwards a dead process touches nothing any more. */
export function crashingFiles({ step, torn }: CrashPoint): FileAccess & { readonly steps: () => number } {
  let steps = 0;
  const touch = (half?: () => void) => {
    steps += 1;
    if (steps < step) return;
    if (steps === step && torn) half?.();
    throw new Crash(`died at step ${steps}`);
  };
  const halfOf = (text: string) => text.slice(0, Math.ceil(text.length / 2));
  return {
    steps: () => steps,
    read: (path) => (touch(), localFiles.read(path)),
    size: (path) => (touch(), localFiles.size(path)),
    write: (path, text) => (touch(() => localFiles.write(path, halfOf(text))), localFiles.write(path, text)),
    writeAt: (path, position, text) => {
      touch(() => localFiles.writeAt(path, position, halfOf(text)));
      localFiles.writeAt(path, position, text);
    },
    truncate: (path, bytes) => (touch(), localFiles.truncate(path, bytes)),
    rename: (from, to) => (touch(), localFiles.rename(from, to)),
    link: (existing, name) => (touch(), localFiles.link(existing, name)),
    age: (path) => (touch(), localFiles.age(path)),
    remove: (path) => (touch(), localFiles.remove(path)),
    list: (folder) => (touch(), localFiles.list(folder)),
  };
}
