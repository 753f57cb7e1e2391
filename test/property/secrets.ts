/** Every secret of a case begins with this, so that it is recognized wherever it appears. */
const mark = "S3CR3T";

/** What the host's account is opened with, and what does not open it. */
export const password = `${mark}-password`;
export const wrongPassword = `${mark}-mistyped`;

/** A trigger's value that the program marked as secret. */
export function secretTrigger(version: number): string {
  return `${mark}-trigger-${version}`;
}

/** Whether a text holds a secret. */
export function hasSecret(text: string): boolean {
  return text.includes(mark);
}

/** The paths of a value that hold a secret. */
export function pathsOfSecrets(value: unknown, path = ""): string[] {
  if (typeof value === "string") return hasSecret(value) ? [path] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(hasSecret(key) ? [`${path}.(key)`] : []),
    ...pathsOfSecrets(inner, path === "" ? key : `${path}.${key}`),
  ]);
}
