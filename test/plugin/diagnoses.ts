/** What an `up` printed about one resource at its end. */
export interface Diagnosis {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** What a run printed about each resource in its closing diagnostics, by name. */
export function diagnosesOf(output: string): ReadonlyMap<string, Diagnosis> {
  const diagnoses = new Map<string, { errors: string[]; warnings: string[] }>();
  let current: { errors: string[]; warnings: string[] } | undefined;
  for (const line of output.slice(output.indexOf("\nDiagnostics:")).split("\n")) {
    const name = /^ {2}\S+ \((.+)\):$/.exec(line)?.[1];
    if (name !== undefined) {
      current = { errors: [], warnings: [] };
      diagnoses.set(name, current);
    }
    // An error that leaves the resource in the state is listed under a line that the engine adds.
    const error = /^\s+(?:error: (?!1 error occurred)|\* )(.+)$/.exec(line)?.[1];
    const warning = /^\s+warning: (.+)$/.exec(line)?.[1];
    if (error !== undefined) current?.errors.push(error);
    if (warning !== undefined) current?.warnings.push(warning);
  }
  return diagnoses;
}
