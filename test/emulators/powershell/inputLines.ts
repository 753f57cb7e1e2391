import { StandInError } from "./standInError";
import { parseStatement } from "./statement";

/** The lines of stdin, in order. */
export class InputLines implements AsyncIterable<string> {
  /** @param onLine sees each line as it comes, even while an earlier one still runs. */
  constructor(private readonly onLine: (line: string) => void) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    const waiting: (string | Error | null)[] = [];
    let rest = "";
    let wake: () => void = () => undefined;
    process.stdin.on("data", (bytes: Buffer) => {
      // Windows PowerShell 5.1 reads its input in the code page of the console: only ASCII arrives there as it was sent.
      if (bytes.some((byte) => byte > 0x7f)) waiting.push(new StandInError("a byte that is not ASCII came on stdin"));
      const lines = (rest + bytes.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.onLine(line);
      waiting.push(...lines);
      wake();
    });
    process.stdin.on("end", () => {
      if (rest !== "") this.onLine(rest);
      // What stands without its line end is run too; the beginning of a line whose writer was killed is not a mistake.
      if (parseStatement(rest).kind !== "unknown") waiting.push(rest);
      waiting.push(null);
      wake();
    });
    for (;;) {
      while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const next = waiting.shift();
      if (next instanceof Error) throw next;
      if (typeof next !== "string") return;
      yield next;
    }
  }
}
