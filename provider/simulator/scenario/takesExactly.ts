import type { z } from "zod";

/**
 * Lets a schema through, and compiles only while it takes exactly what an interface says: the same keys, the same of them
 * optional, the same values. So the types that programs see name no library, and say what is checked.
 */
export function takesExactly<Input>() {
  return <Schema extends z.ZodType>(
    schema: IsSame<Plain<z.input<Schema>>, Plain<Input>> extends true ? Schema : never,
  ): Schema => schema;
}

/**
 * A type without `readonly` and without the `undefined` that zod adds to what may be left out. That a key may be left out
 * becomes a part of its value, so that types with different keys are not taken for one another.
 */
type Plain<Value> = Value extends readonly (infer Item)[]
  ? Plain<Item>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]-?: [Plain<Exclude<Value[Key], undefined>>, MayBeLeftOut<Value, Key>] }
    : Value;

type MayBeLeftOut<Value, Key extends keyof Value> = object extends Pick<Value, Key> ? true : false;

type IsSame<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;
