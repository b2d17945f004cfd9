import { MAX_DEPTH } from './annotation.ts'

/**
 * Sees that a value nests no deeper than one that is sent. JSON can say far more in a few kilobytes: a schema that recurses
 * runs out of stack on it, and whoever keeps it can't send it on.
 * @throws TypeError where it does.
 */
export function checkDepth(json: unknown): void {
  if (isDeeper(json, MAX_DEPTH)) throw new TypeError(`The value is nested more than ${MAX_DEPTH} deep.`)
}

/** May recurse, since that ends at `levels`. */
function isDeeper(json: unknown, levels: number): boolean {
  if (typeof json !== 'object' || json === null) return false
  if (levels === 0) return true
  if (Array.isArray(json)) {
    for (const member of json) if (isDeeper(member, levels - 1)) return true
    return false
  }
  // What JSON said inherits nothing: these are its own names.
  const members = json as Readonly<Record<string, unknown>>
  for (const name in members) if (isDeeper(members[name], levels - 1)) return true
  return false
}
