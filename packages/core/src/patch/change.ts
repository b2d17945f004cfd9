/**
 * What makes one value of another. Only plain objects and arrays are changed in parts; whatever else differs is given
 * whole. PROTOCOL.md ("Live queries") has it in words.
 */
export type Change = Whole | Members | Rows

/** Another value instead. */
export interface Whole {
  readonly is: unknown
}

/** Some members of an object: those that changed or are new, and the names of those that are gone. */
export interface Members {
  readonly in: Readonly<Record<string, Change>>
  readonly out?: readonly string[]
}

/** An array, put together from its beginning to its end. Rows of the one before that no piece takes are gone. */
export interface Rows {
  readonly rows: readonly Piece[]
}

/** Rows that were there, `[first, count]`; one that was there and changed; or rows that are new. */
export type Piece = readonly [first: number, count: number] | ChangedRow | NewRows

export interface ChangedRow {
  readonly row: number
  readonly to: Change
}

export interface NewRows {
  readonly new: readonly unknown[]
}
