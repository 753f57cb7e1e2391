/** An instance as the text of an embedded instance: CIM-XML, all properties texts. Source: DSP0201, dmtf.org. */
export function embeddedText(className: string, properties: Readonly<Record<string, string>>): string {
  const children = Object.entries(properties).map(
    ([name, value]) =>
      `<PROPERTY NAME="${escapeXml(name)}" TYPE="string"><VALUE>${escapeXml(value)}</VALUE></PROPERTY>`,
  );
  return `<INSTANCE CLASSNAME="${escapeXml(className)}">${children.join("")}</INSTANCE>`;
}

/** The `InstanceID` of the relationship that a text embeds; anything that is no such text is refused, as a host does. */
export function embeddedInstanceId(text: string): string {
  const match =
    /^<INSTANCE CLASSNAME="Msvm_ReplicationRelationship">.*<PROPERTY NAME="InstanceID"[^>]*><VALUE>([^<]+)<\/VALUE>/s.exec(
      text,
    );
  if (match?.[1] === undefined) throw new Error(`expected an embedded Msvm_ReplicationRelationship, got ${text}`);
  return match[1].replace(/&(lt|gt|quot|apos|amp);/g, (entity) => entities.get(entity) ?? entity);
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
  ["&amp;", "&"],
]);

/** As references, so that no parser takes away line ends; XML 1.0 has no way to write other control characters. */
function escapeXml(text: string): string {
  return text.replace(/[<>&"'\u0000-\u001f]/g, (character) => `&#${character.charCodeAt(0)};`);
}
