/** What was thrown, in words. Anything can be thrown, and what shows it must not throw in turn. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown)
  } catch {
    return 'What was thrown could not be read.'
  }
}
