/**
 * Timestamps and intervals as hosts write them. A timestamp: ISO 8601 with an offset (`2030-01-07T12:00:00Z`, any number of
 * digits after the second) or DMTF (`20300107120000.000000+060`, the offset in minutes). An interval: `P0DT18H30M0S` or DMTF
 * (`00000000183000.000000:000`). What has no offset, or a field left open with asterisks, is neither: it is not guessed.
 * Sources: "CIM_DATETIME", "Interval Format", learn.microsoft.com; XML Schema Part 2, sections 3.2.6 and 3.2.7.
 */

const isoMoment = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
const dmtfMoment = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{6})([+-])(\d{3})$/;
const isoLength = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?$/;
const dmtfLength = /^(\d{8})(\d\d)(\d\d)(\d\d)\.(\d{6}):000$/;

const minuteMs = 60_000;

/** The timestamp as ISO 8601 UTC with milliseconds; `undefined` for any other text. */
export function readMoment(text: string): string | undefined {
  const iso = isoMoment.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, fraction, sign, offsetHours = "0", offsetMinutes = "0"] = iso;
    const offset = Number(offsetHours) * 60 + Number(offsetMinutes);
    return inUtc([year, month, day, hour, minute, second], fraction, sign === "-" ? -offset : offset);
  }
  const dmtf = dmtfMoment.exec(text);
  if (dmtf === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, offset] = dmtf;
  return inUtc([year, month, day, hour, minute, second], fraction, sign === "-" ? -Number(offset) : Number(offset));
}

function inUtc(
  fields: readonly (string | undefined)[],
  fraction: string | undefined,
  offsetMinutes: number,
): string | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.map(Number);
  const localMs = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds(fraction));
  const shown = new Date(localMs);
  // Date carries over what no calendar has (the 31st of February, 25 o'clock, second 60): such a text is not a timestamp.
  const isReal =
    shown.getUTCFullYear() === year &&
    shown.getUTCMonth() === month - 1 &&
    shown.getUTCDate() === day &&
    shown.getUTCHours() === hour &&
    shown.getUTCMinutes() === minute &&
    shown.getUTCSeconds() === second;
  return isReal ? new Date(localMs - offsetMinutes * minuteMs).toISOString() : undefined;
}

/** The interval in milliseconds; `undefined` for any other text. */
export function readInterval(text: string): number | undefined {
  const dmtf = dmtfLength.exec(text);
  const match = dmtf ?? (/\d/.test(text) ? isoLength.exec(text) : null);
  if (match === null) return undefined;
  const [, days = "0", hours = "0", minutes = "0", seconds = "0", fraction] = match;
  const wholeMinutes = (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
  const ms = wholeMinutes * minuteMs + Number(seconds) * 1_000 + milliseconds(fraction);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

function milliseconds(fraction: string | undefined): number {
  return Number((fraction ?? "").slice(0, 3).padEnd(3, "0"));
}

/** A timestamp in ISO 8601 UTC as DMTF text: `20300107120000.000000+000`. */
export function toDmtf(moment: string): string {
  const digits = new Date(moment).toISOString().replace(/[-:TZ]/g, "");
  return `${digits.padEnd(21, "0")}+000`;
}
