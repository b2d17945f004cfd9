/** What a stream's reader is told among the items: that some are missing here, or that none are though it was opened anew. */
export interface StreamWord {
  readonly word: 'gap' | 'resumed'
  /** How many are missing, where that is known. */
  missed: number | undefined
}

/** Whether the later word needn't be told by itself, since nothing lies between: then the earlier one tells of both. */
export function tellsBoth(earlier: StreamWord | undefined, later: StreamWord): boolean {
  if (earlier?.word !== later.word) return false
  earlier.missed = sum(earlier.missed, later.missed)
  return true
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.min(one + other, Number.MAX_SAFE_INTEGER)
}
