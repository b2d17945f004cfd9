/** Room for the longest host (253), a port, and a user with a password. */
const MAX_AUTHORITY = 512

/** What `href` writes. */
const PRINTABLE = /^[!-~][ -~]*$/

/** The part before the path, for the schemes that have one however many slashes stand before it, and for all others. */
const AUTHORITY = /^(?:(?:https?|wss?|ftp):[/\\]*|[a-z][a-z\d+.-]*:\/\/)([^/\\?#]*)/i

/**
 * The URL that `text` is, as `href` writes it. Engines take the square of the length for a host in another script, eleven
 * seconds for a mebibyte, and long for many users in front of it: `href` has neither.
 * @throws TypeError where it is none.
 */
export function parseUrl(text: string): URL {
  const [, authority = ''] = AUTHORITY.exec(text) ?? []
  if (
    !PRINTABLE.test(text) ||
    authority.length > MAX_AUTHORITY ||
    authority.indexOf('@') !== authority.lastIndexOf('@')
  ) {
    throw new TypeError('A value is annotated as a URL, and is not written as one.')
  }
  return new URL(text)
}

/** Labels of the host that were written in another script: each takes as long as several other annotations. */
export function foreignLabels(url: string): number {
  return url.slice(0, MAX_AUTHORITY).split('xn--').length - 1
}
