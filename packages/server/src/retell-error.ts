/** As deep as anybody reads, and no cycle goes on for ever. */
const MAX_CAUSES = 4

/**
 * What was thrown with its texts changed, for a log: a new error with message, stack and causes, and none of the fields
 * that the original may carry. What isn't an error is told as text. Anything can be thrown.
 */
export function retellError(thrown: unknown, change: (text: string) => string): unknown {
  try {
    return retell(thrown, change, MAX_CAUSES)
  } catch {
    return new Error('What was thrown could not be read.')
  }
}

function retell(thrown: unknown, change: (text: string) => string, depth: number): unknown {
  if (!(thrown instanceof Error)) return change(String(thrown))
  const hasCause = thrown.cause !== undefined && depth > 0
  const told = new Error(
    change(String(thrown.message)),
    hasCause ? { cause: retell(thrown.cause, change, depth - 1) } : undefined,
  )
  told.name = change(String(thrown.name))
  told.stack = change(String(thrown.stack))
  return told
}
