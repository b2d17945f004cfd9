import type { Invalidation } from '@hotline/core'

/** What is invalidated, and for whom. It is plain JSON where its inputs are. */
export type Invalidated = Invalidation & {
  /** Those who hear of it; without it, everyone. */
  readonly audience?: string | undefined
}

/** @throws TypeError for what isn't an invalidation: it may have come from another process. */
export function checkInvalidated(given: Invalidated): void {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`An invalidation is ${String(given)}: give an object with "paths", or with "all: true".`)
  }
  const { audience, all, paths }: { audience?: unknown; all?: unknown; paths?: unknown } = given
  if (audience !== undefined && typeof audience !== 'string') {
    throw new TypeError(`"audience" of an invalidation is of type ${typeof audience}: give a string, or leave it out.`)
  }
  if (all === true) return
  if (!Array.isArray(paths))
    throw new TypeError('An invalidation has neither "paths" nor "all: true": give one of them.')
  for (const entry of paths) checkPath(entry?.path)
}

/** @throws TypeError for what is no path. */
export function checkPath(path: unknown): void {
  if (typeof path === 'string' && path !== '') return
  throw new TypeError(`"path" of an invalidation is ${JSON.stringify(path)}: give the path of a procedure or a group.`)
}
