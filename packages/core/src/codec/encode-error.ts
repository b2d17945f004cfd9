/** A step towards a place in a value. */
export type Step = string | number

/** A value that refers to itself has no end. */
const MAX_STEPS = 16

/** Thrown where a value has no encoding. Its message names the place, the reason and the remedy. */
export class EncodeError extends Error {
  constructor(path: readonly Step[], reason: string) {
    const steps = path.slice(0, MAX_STEPS).map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    const place = `${steps.join('')}${path.length > MAX_STEPS ? '…' : ''}`
    super(
      `The value${place === '' ? '' : ` at ${place}`} ${reason}. Send plain data, or one of the types the codec knows.`,
    )
  }
}
