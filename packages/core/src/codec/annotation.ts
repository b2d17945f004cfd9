// What became of a value on its way to JSON, in superjson's words and our own for bytes. A tree of annotations is
// `[annotation]`, or `[annotation, tree]` where the JSON that stands for the value is annotated too,
// or an object of trees by the paths of what is inside of a plain value: names joined by dots.
// https://github.com/flightcontrolhq/superjson

/** The version of the format, which says how paths are escaped. */
export const FORMAT_VERSION = 1

/** Deeper values are refused: nesting is the cheapest way to make a reader recurse. Counted as it stands in JSON. */
export const MAX_DEPTH = 64

/** More annotations than any honest value has. */
export const MAX_ANNOTATIONS = 10_000

/** Names in all paths of a value: ten for each annotation, if they are written from the root. We write one. */
export const MAX_NAMES = 100_000

/** Readers turn no longer text into a BigInt: that takes the square of its length. */
export const MAX_DIGITS = 1_024

/** Names that lead to prototypes: no annotation's path may pass through them. */
const PROTOTYPE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

export function isPrototypeName(name: string): boolean {
  return (name.length === 9 || name.length === 11) && PROTOTYPE_NAMES.has(name)
}

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
