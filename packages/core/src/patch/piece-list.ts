import type { Change, Piece } from './change.ts'

/** The pieces that an array is put together from, as few as can be. */
export class PieceList {
  readonly #pieces: Piece[] = []
  #kept: [first: number, count: number] | undefined
  #added: unknown[] | undefined

  get all(): readonly Piece[] {
    return this.#pieces
  }

  /** The next rows are such that were there. */
  keep(first: number, count: number): void {
    if (count === 0) return
    if (this.#kept !== undefined && this.#kept[0] + this.#kept[1] === first) {
      this.#kept[1] += count
      return
    }
    this.#begin({ kept: [first, count] })
  }

  /** The next row is new. */
  add(row: unknown): void {
    if (this.#added === undefined) this.#begin({ added: [row] })
    else this.#added.push(row)
  }

  /** The next row was there, and has changed. */
  change(row: number, to: Change): void {
    this.#begin({})
    this.#pieces.push({ row, to })
  }

  /** Another piece, to which more may come. */
  #begin({ kept, added }: { readonly kept?: [number, number]; readonly added?: unknown[] }): void {
    this.#kept = kept
    this.#added = added
    if (kept !== undefined) this.#pieces.push(kept)
    if (added !== undefined) this.#pieces.push({ new: added })
  }
}
