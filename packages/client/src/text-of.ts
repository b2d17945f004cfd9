/** The message of what was thrown. Anything can be thrown, and what shows it must not throw in turn. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown)
  } catch {
    return 'What was thrown could not be read.'
  }
}
