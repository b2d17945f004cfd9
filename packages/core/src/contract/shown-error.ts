import type { ShownError } from './error-code.ts'

/** A message or a stack is for people; longer ones could be more than the wire takes. */
const MAX_CHARACTERS = 8_192

/** What was thrown, for a developer to read: message and stack, with those of its causes. Anything can be thrown. */
export function shownError(thrown: unknown): ShownError {
  try {
    if (!(thrown instanceof Error)) return { message: shorten(thrown) }
    const message = shorten(thrown.message)
    return thrown.stack === undefined ? { message } : { message, stack: shorten(stackOf(thrown)) }
  } catch {
    return { message: 'What was thrown could not be read.' }
  }
}

/** As deep as anybody reads, and no cycle goes on for ever. */
const MAX_CAUSES = 4

function stackOf(error: Error): string {
  const stacks: string[] = []
  for (let at: unknown = error; at instanceof Error && stacks.length <= MAX_CAUSES; at = at.cause) {
    stacks.push(String(at.stack))
  }
  return stacks.join('\nCaused by: ')
}

function shorten(text: unknown): string {
  return String(text).slice(0, MAX_CHARACTERS)
}
