/** XML that is ready to be put into more XML. */
export type Xml = string & { readonly isXml: never };

type Attributes = Readonly<Record<string, string>>;

/**
 * The one way in which values get into XML. A carriage return would become a line feed on its way, so it travels as a
 * character reference; what XML cannot carry is shown as "?", as Windows does it (MS-WSMV 3.1.4.1.25).
 */
function escape(value: string): string {
  return (
    value
      .toWellFormed()
      // What XML 1.0 cannot carry.
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "?")
      .replace(/[&<>"\r\n\t]/g, (one) => references[one] ?? one)
  );
}

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
  // Within attributes these would become blanks.
  "\n": "&#10;",
  "\t": "&#9;",
};

/** An element with this text. */
export function textElement(name: string, text: string, attributes: Attributes = {}): Xml {
  return wrap(name, attributes, escape(text));
}

/** An element with these elements. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly Xml[]): Xml {
  return wrap(name, attributes, children.join(""));
}

/** An element without content that is written in the short form. */
export function emptyElement(name: string, attributes: Attributes = {}): Xml {
  return asXml(`<${name}${written(attributes)}/>`);
}

/** Several elements side by side. */
export function joined(elements: readonly Xml[]): Xml {
  return asXml(elements.join(""));
}

function wrap(name: string, attributes: Attributes, content: string): Xml {
  return asXml(`<${name}${written(attributes)}>${content}</${name}>`);
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escape(value)}"`)
    .join("");
}

function asXml(text: string): Xml {
  return text as Xml;
}
