import { CLOSE_CODES, type Socket } from '@hotline/core/internal'
import { textOfFrame } from '../../packages/testing/src/simulator/wire-frame.ts'
import { attachmentsOf, writeAttachments } from './binary-frame.ts'
import { type Bindings, fill, match } from './placeholders.ts'
import type { Line, Side } from './transcript.ts'

/** An event that an end of ours made on its socket. */
type Made =
  | { readonly name: 'message'; readonly frame: string | Uint8Array }
  | { readonly name: 'closes'; readonly code: number }

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
      send: (frame) => {
        if (isOpen) this.#made.push({ name: 'message', frame })
      },
      close,
      abort: () => close(CLOSE_CODES.SILENT),
      pauseReading: () => {},
    }
  }

  /** @throws Error where the end wrote something else, or nothing. */
  expectMessage({ text, attachments }: Line & { name: 'message' }): void {
    const made = this.#made.shift()
    const expected = writeAttachments(attachments)
    if (made?.name === 'message' && writeAttachments(attachmentsOf(made.frame)) === expected)
      return match(text, textOfFrame(made.frame), this.#bindings)
    throw new Error(
      `The transcript has ${this.#side}: ${fill(text, this.#bindings)}${expected}\nbut ${this.#side} ${tell(made)}`,
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
  if (made.name === 'closes') return `closed with ${made.code}`
  return `wrote ${textOfFrame(made.frame)}${writeAttachments(attachmentsOf(made.frame))}`
}
