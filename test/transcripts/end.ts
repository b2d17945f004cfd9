import { CLOSE_CODES, type Socket } from '@hotline/core/internal'
import { type Bindings, fill, match } from './placeholders.ts'
import type { Side } from './transcript.ts'

/** An event that an end of ours made on its socket. */
type Made = { readonly name: 'message'; readonly text: string } | { readonly name: 'closes'; readonly code: number }

/** What an end of ours writes, in order, to be compared with its lines of the transcript. */
export class Output {
  readonly #side: Side
  readonly #bindings: Bindings
  readonly #made: Made[] = []

  constructor(side: Side, bindings: Bindings) {
    this.#side = side
    this.#bindings = bindings
  }

  /** A socket whose other end is the transcript. */
  socket(): Socket {
    let isOpen = true
    const close = (code: number) => {
      if (isOpen) this.#made.push({ name: 'closes', code })
      isOpen = false
    }
    return {
      bufferedBytes: 0,
      send: (frame: string) => {
        if (isOpen) this.#made.push({ name: 'message', text: frame })
      },
      close,
      abort: () => close(CLOSE_CODES.SILENT.code),
      pauseReading: () => {},
    }
  }

  /** @throws Error where the end wrote something else, or nothing. */
  expectMessage(expected: string): void {
    const made = this.#made.shift()
    if (made?.name === 'message') return match(expected, made.text, this.#bindings)
    throw new Error(
      `The transcript has ${this.#side}: ${fill(expected, this.#bindings)}\nbut ${this.#side} ${tell(made)}`,
    )
  }

  /** @throws Error where the end didn't close, or with another code. */
  expectClose(code: number): void {
    const made = this.#made.shift()
    if (made?.name === 'closes' && made.code === code) return
    throw new Error(`The transcript has ${this.#side} closes ${code}\nbut ${this.#side} ${tell(made)}`)
  }

  /** @throws Error where the end wrote something that the transcript doesn't have. */
  expectNothing(): void {
    const made = this.#made.shift()
    if (made !== undefined) throw new Error(`The transcript has nothing more here, but ${this.#side} ${tell(made)}`)
  }
}

function tell(made: Made | undefined): string {
  if (made === undefined) return 'wrote nothing'
  return made.name === 'message' ? `wrote ${made.text}` : `closed with ${made.code}`
}
