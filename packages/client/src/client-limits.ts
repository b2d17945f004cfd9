/**
 * What a client waits and keeps, at most: docs/LIMITS.md says of each row what happens then. Only the first is an option.
 * Durations in milliseconds, sizes in characters of text and bytes of attachments.
 */
export const CLIENT_LIMITS = {
  timeoutMs: 30_000,
  authTimeoutMs: 10_000,
  connectTimeoutMs: 10_000,
  helloTimeoutMs: 15_000,
  queueCharacters: 4 * 1024 * 1024,
} as const
