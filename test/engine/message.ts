import type { Message } from "google-protobuf";
import { toStruct } from "./rpc";
import { isObject, type PropertyMap, type PropertyValue } from "./values";

/** A message to be sent, in the JSON form of protobuf, which is also the form in which it is recorded. */
export type Fields = Readonly<Record<string, PropertyValue | Uint8Array | undefined>>;

/**
 * Fills a generated message from its JSON form, so that what is recorded is what is sent. An object becomes a Struct;
 * generated setters differ from the JSON names in the case of letters only.
 */
export function fill<M extends Message>(message: M, fields: Fields): M {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const setter = setterOf(message, name);
    setter.call(message, isObject(value as PropertyValue) ? toStruct(value as PropertyMap) : value);
  }
  return message;
}

function setterOf(message: Message, name: string): (value: unknown) => unknown {
  const wanted = `set${name}`.toLowerCase();
  const prototype: unknown = Object.getPrototypeOf(message);
  const key = Object.keys(prototype as object).find((candidate) => candidate.toLowerCase() === wanted);
  const setter: unknown = key === undefined ? undefined : Reflect.get(prototype as object, key);
  if (typeof setter !== "function") throw new Error(`${message.constructor.name} has no field "${name}"`);
  return setter as (value: unknown) => unknown;
}
