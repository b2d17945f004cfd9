import type { Codec, Invalidation } from '@hotline/core'
import { nestingOf, weigh } from '@hotline/core/internal'

/** About as many characters may one input have. */
export const MAX_INPUT_CHARACTERS = 4 * 1024

/** Nothing that is sent nests deeper than 64, and an input is in a row of the paths of an item. */
const MAX_INPUT_NESTING = 60

/**
 * The same without inputs that can't be sent, which would end the stream of everybody who hears of them. Without an input,
 * all calls of a path are meant: that is more than was said, and never less.
 */
export function withSendableInputs<Given extends Invalidation>(given: Given, codec: Codec): Given {
  // What another process has sent may say both.
  if (given.paths === undefined || given.all === true) return given
  const paths = given.paths.map(({ path, input }) => (isSendable(input, codec) ? { path, input } : { path }))
  return { ...given, paths }
}

function isSendable(input: unknown, codec: Codec): boolean {
  if (weigh(input, MAX_INPUT_CHARACTERS) >= MAX_INPUT_CHARACTERS || nestingOf(input) > MAX_INPUT_NESTING) return false
  try {
    codec.encode(input)
    return true
  } catch {
    return false
  }
}
