/**
 * What became of a value on its way to JSON, as superjson says it. A tree of annotations is `[annotation]`, or
 * `[annotation, paths]` where something inside of the value is annotated too, or `paths` alone: an object of trees whose
 * keys are names joined by dots.
 * @see https://github.com/flightcontrolhq/superjson
 */
export type Annotation =
  | 'undefined'
  | 'bigint'
  | 'Date'
  | 'number'
  | 'URL'
  | 'Error'
  | 'set'
  | 'map'
  | readonly ['typed-array', string]

/** The version of the format, which says how paths are escaped. */
export const FORMAT_VERSION = 1

/** Names that lead to prototypes: no annotation's path may pass through them. */
export const PROTOTYPE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Typed arrays by the name that they have in annotations. */
export const TYPED_ARRAYS = new Map<string, new (values: number[]) => object>(
  [
    ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
    ...[Float32Array, Float64Array],
  ].map((type) => [type.name, type]),
)

/** A name as it stands in a path. */
export function escapeName(name: string): string {
  return name.includes('.') || name.includes('\\') ? name.replaceAll('\\', '\\\\').replaceAll('.', '\\.') : name
}

/** The names of a path. Throws for a backslash that escapes nothing. */
export function namesOf(path: string): string[] {
  if (!path.includes('\\')) return path.split('.')
  const names: string[] = []
  let name = ''
  for (let index = 0; index < path.length; index++) {
    const character = path.charAt(index)
    if (character === '.') {
      names.push(name)
      name = ''
      continue
    }
    if (character === '\\') index++
    const escaped = path.charAt(index)
    if (character === '\\' && escaped !== '\\' && escaped !== '.') {
      throw new TypeError('A path in the annotations has a backslash that escapes nothing.')
    }
    name += escaped
  }
  names.push(name)
  return names
}
