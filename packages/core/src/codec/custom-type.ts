/** How the values of a class, say, travel. Both ends must register it by the same name. */
export interface CustomType<Value> {
  /**
   * Asked of every object that is neither an array nor a plain one, before the types that the codec knows itself. Write
   * its parameter's type, as in `(value: unknown): value is Money`: the other two are inferred from it.
   */
  readonly is: (value: unknown) => value is Value
  /** What stands for the value: anything that the codec can encode, other registered values too. */
  readonly encode: (value: Value) => unknown
  /**
   * The value again, from what `encode` gave, which a stranger may have written: throw where it is anything else, and the
   * value fails its call.
   */
  readonly decode: (encoded: unknown) => Value
}

/** Registered types by name. */
export type CustomTypes<Values> = { readonly [Name in keyof Values]: CustomType<Values[Name]> }

/** A registered type with its annotation, ready-made. */
export interface Registered {
  readonly name: string
  readonly annotation: string
  readonly type: CustomType<unknown>
}

/** @throws TypeError for a type without a name, or that lacks one of its functions. */
export function registerTypes<Values extends object>(types: CustomTypes<Values>): readonly Registered[] {
  // Each is asked by its own `is` before it gets a value.
  const entries = Object.entries(types) as [string, CustomType<unknown>][]
  return entries.map(([name, type]) => {
    if (name === '')
      throw new TypeError('A type of the codec has no name: register it by one, as in { types: { Money } }.')
    for (const part of ['is', 'encode', 'decode'] as const) {
      if (typeof type?.[part] === 'function') continue
      throw new TypeError(
        `The type "${name}" of the codec has no "${part}": give it the functions is, encode and decode.`,
      )
    }
    return { name, annotation: JSON.stringify(['custom', name]), type }
  })
}
