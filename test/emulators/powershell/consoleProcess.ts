/** What a console runs in: a process, or something that stands for one. */
export interface ConsoleProcess {
  write(stream: "stdout" | "stderr", text: string): void;
  /** Ends like `kill -9`. */
  die(): never;
  exit(code: number): never;
  sleep(delayMs: number): Promise<void>;
  ignoreSigterm(): void;
}
