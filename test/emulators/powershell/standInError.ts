/** The stand-in was given something that it does not know or that breaks the wire contract: never a host's answer. */
export class StandInError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StandInError";
  }
}

/** The exit code of a stand-in that was given something it does not know; no PowerShell ends with it by itself. */
export const standInExitCode = 97;
