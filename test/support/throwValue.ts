/** Throws any value: hosts and libraries throw more than errors. */
export function throwValue(value: unknown): never {
  throw value as Error;
}
