import type { Refusal } from './classify.ts'

/** Thrown where a value has no encoding. Its message names the place, the reason and the remedy. */
export class EncodeError extends Error {
  constructor(refusal: Refusal) {
    super(
      `The value${refusal.path === '' ? '' : ` at ${refusal.path}`} ${refusal.reason}. Send plain data, or one of the types the codec knows.`,
    )
  }
}
