const dayMs = 86_400_000;

/** Milliseconds of an `xs:duration` without years and months; `undefined` when it is none. */
export function durationMs(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (match === null || text.endsWith("P") || text.endsWith("T")) return undefined;
  const [days = "0", hours = "0", minutes = "0", seconds = "0"] = match.slice(1);
  return Number(days) * dayMs + Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000;
}

/** An interval as Windows writes it: `P0DT0H5M0S`, with as many digits as the second needs. */
export function durationText(ms: number): string {
  const seconds = (ms % 60_000) / 1_000;
  const minutes = Math.floor(ms / 60_000);
  return `P${Math.floor(ms / dayMs)}DT${Math.floor(minutes / 60) % 24}H${minutes % 60}M${seconds}S`;
}

/** A timestamp as Windows writes it: no zeros at the end of the second. */
export function momentText(iso: string): string {
  return iso.replace(/(?:\.0+|(\.\d*?[1-9])0*)Z$/, "$1Z");
}
