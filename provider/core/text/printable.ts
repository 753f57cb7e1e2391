/** C0 and C1 control characters but for line break and tab: they move cursors, ring bells and change colours. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A text as it can be shown to people: whole characters, and nothing that a terminal obeys. */
export function toPrintable(text: string): string {
  return text.toWellFormed().replace(controls, "\ufffd");
}
