/**
 * A text as a literal of WQL: in WQL a backslash escapes, also itself and the quotes. The only way in which values get into
 * a query. Source: "WQL (SQL for WMI)" and "WHERE Clause", learn.microsoft.com.
 */
export function wqlLiteral(text: string): string {
  return `'${text.replace(/[\\'"]/g, (character) => `\\${character}`)}'`;
}

/** All instances of a class, with all their properties: named ones would come back in another form. */
export function selectAll(className: string, where?: string): string {
  return `SELECT * FROM ${className}${where === undefined ? "" : ` WHERE ${where}`}`;
}

/** One of these numbers. */
export function isOneOf(property: string, numbers: readonly number[]): string {
  return numbers.map((number) => `${property} = ${number}`).join(" OR ");
}
