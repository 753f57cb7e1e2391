import { localFiles, type FileAccess } from "../../../../provider/simulator/files/fileAccess";

/** Thrown where the process "dies". */
export class Crash extends Error {}

/** Where a process dies: before its nth touch of a file, or half way through it when that is a write. */
export interface CrashPoint {
  readonly step: number;
  readonly torn: boolean;
}

/** The local files until the crash; afterwards a dead process touches nothing any more. */
export function crashingFiles({ step, torn }: CrashPoint): FileAccess {
  let steps = 0;
  const touch = (half?: () => void) => {
    steps += 1;
    if (steps < step) return;
    if (steps === step && torn) half?.();
    throw new Crash(`died at step ${steps}`);
  };
  const halfOf = (text: string) => text.slice(0, Math.ceil(text.length / 2));
  const afterTouch =
    <Arguments extends unknown[], Value>(action: (...given: Arguments) => Value) =>
    (...given: Arguments): Value => {
      touch();
      return action(...given);
    };
  return {
    read: afterTouch(localFiles.read),
    size: afterTouch(localFiles.size),
    write(path, text) {
      touch(() => {
        localFiles.write(path, halfOf(text));
      });
      localFiles.write(path, text);
    },
    writeAt(path, position, text) {
      touch(() => {
        localFiles.writeAt(path, position, halfOf(text));
      });
      localFiles.writeAt(path, position, text);
    },
    truncate: afterTouch(localFiles.truncate),
    rename: afterTouch(localFiles.rename),
    link: afterTouch(localFiles.link),
    age: afterTouch(localFiles.age),
    remove: afterTouch(localFiles.remove),
    list: afterTouch(localFiles.list),
  };
}
