import type { Frame } from '@hotline/core/internal'
import type { Random } from '../simulator/random.ts'

/** A connection to an end under test, from the side of whoever fuzzes it. */
export interface Line {
  readonly isOpen: boolean
  /** Hands a frame in, as if it had come from the network. */
  give(frame: string | Uint8Array): void
  /** It breaks, and the end under test is told. */
  cut(): void
}

/** An end under test. Frames that it sends are told to whoever listens. */
export interface Victim {
  /** Whether it would take another connection beside one that is open. */
  readonly takesAnother: boolean
  /** Another connection; `undefined` where it wants none any more. */
  open(hear: (frame: Frame) => void): Promise<Line | undefined>
  /** Something happens to it from within, where it knows of something. */
  disturb?(random: Random): void
  /** Everybody goes, and time passes: nothing may be left. */
  rest(): Promise<void>
}
