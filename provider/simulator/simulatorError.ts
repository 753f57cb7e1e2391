/** The simulator itself cannot continue: a scenario or state file it cannot read, or something that it does not model. */
export class SimulatorError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SimulatorError";
  }
}
