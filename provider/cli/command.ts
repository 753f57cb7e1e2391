/** Why a command cannot do its work, said for the person who started it. */
export class CommandError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommandError";
  }
}

/** Where a command writes. */
export interface Output {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}
