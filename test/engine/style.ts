/** Wraps a text in a colour; on anything but a terminal it leaves it as it is. */
export type Paint = (text: string) => string;

/** The colours of the display. */
export interface Style {
  readonly added: Paint;
  readonly removed: Paint;
  readonly changed: Paint;
  readonly replaced: Paint;
  readonly heading: Paint;
  readonly quiet: Paint;
  readonly warning: Paint;
  readonly error: Paint;
}

/** @param isColoured - see {@link wantsColour}. */
export function styleFor(isColoured: boolean): Style {
  // SGR codes of ECMA-48.
  const paint = (code: number): Paint => (isColoured ? (text) => `\u001b[${code}m${text}\u001b[0m` : (text) => text);
  return {
    added: paint(32),
    removed: paint(31),
    changed: paint(33),
    replaced: paint(35),
    heading: paint(1),
    quiet: paint(90),
    warning: paint(33),
    error: paint(31),
  };
}

/** Colour only for people who look at a terminal and have not asked for none (no-color.org). */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
