/** A step towards a place in a value. */
export type Step = string | number

/** Thrown where a value has no encoding. Its message names the place, the reason and the remedy. */
export class EncodeError extends Error {
  constructor(path: readonly Step[], reason: string) {
    const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
    super(
      `The value${place === '' ? '' : ` at ${place}`} ${reason}. Send plain data, or one of the types the codec knows.`,
    )
  }
}
