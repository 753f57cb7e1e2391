import { isInternal } from "./differences";
import type { Paint, Style } from "./style";
import { isObject, isSame, isSecret, unknownValue, type PropertyMap, type PropertyValue } from "./values";

const longestText = 120;

/** The stack's outputs as lines, with what changed since the last run; without last run there is nothing to compare. */
export function viewOutputs(before: PropertyMap | undefined, after: PropertyMap, style: Style): string[] {
  return viewMembers(before ?? after, after, style, "    ");
}

function viewMembers(before: PropertyMap, after: PropertyMap, style: Style, indent: string): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !isInternal(key)).sort();
  return keys.flatMap((key) => viewMember(key, before[key], after[key], style, indent));
}

function viewMember(
  key: string,
  before: PropertyValue | undefined,
  after: PropertyValue | undefined,
  style: Style,
  indent: string,
): string[] {
  const marked = (sign: string, paint: Paint, text: string): string =>
    paint(`${indent.slice(2)}${sign} ${key}: ${text}`);
  if (after === undefined)
    return nested(before ?? null, indent, (text) => marked("-", style.removed, text), style.removed, "-");
  if (before === undefined) return nested(after, indent, (text) => marked("+", style.added, text), style.added, "+");
  if (isSame(before, after)) return nested(after, indent, (text) => `${indent}${key}: ${text}`);
  if (isPlainObject(before) && isPlainObject(after)) {
    const members = viewMembers(before, after, style, `${indent}    `);
    return [marked("~", style.changed, "{"), ...members, `${indent}}`];
  }
  return [marked("~", style.changed, `${oneLine(before)} => ${oneLine(after)}`)];
}

/** A value on its lines; every line of something added or removed carries the sign. */
function nested(
  value: PropertyValue,
  indent: string,
  head: (text: string) => string,
  paint?: Paint,
  sign = "",
): string[] {
  const members = membersOf(value);
  if (members === undefined || members.length === 0) return [head(oneLine(value))];
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const deeper = `${indent}    `;
  const line =
    (label: string) =>
    (text: string): string =>
      paint === undefined ? `${deeper}${label}: ${text}` : paint(`${deeper.slice(2)}${sign} ${label}: ${text}`);
  const inner = members.flatMap(([label, child]) => nested(child, deeper, line(label), paint, sign));
  return [head(open), ...inner, `${indent}${close}`];
}

function membersOf(value: PropertyValue): [string, PropertyValue][] | undefined {
  if (isSecret(value)) return undefined;
  if (Array.isArray(value)) return value.map((child, index) => [`[${index}]`, child]);
  return isObject(value) ? Object.entries(value).filter(([key]) => !isInternal(key)) : undefined;
}

function oneLine(value: PropertyValue): string {
  if (value === unknownValue) return "[unknown]";
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, child]) => `${key}: ${oneLine(child)}`)
      .join(", ")}}`;
  const text = JSON.stringify(value);
  return text.length > longestText ? `${text.slice(0, longestText)}..."` : text;
}

function isPlainObject(value: PropertyValue): value is PropertyMap {
  return isObject(value) && !isSecret(value);
}
