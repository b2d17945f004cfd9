/**
 * The WebSocket URL that an option means: relative to the page where there is one, with http and https for ws and wss.
 * @throws TypeError that says what is wrong with it.
 */
export function resolveUrl(url: string, page: string | undefined): string {
  // Nothing would be the page itself.
  if (url === '' || !URL.canParse(url, page)) {
    throw new TypeError(`"url" is "${url}": give a whole one outside of a browser, as in "wss://app.example/rpc".`)
  }
  const resolved = new URL(url, page)
  const scheme = resolved.protocol.replace('http', 'ws')
  if (scheme !== 'ws:' && scheme !== 'wss:') {
    throw new TypeError(`"url" is "${url}": begin it with wss://, or with ws:// for tests.`)
  }
  resolved.protocol = scheme
  resolved.hash = ''
  return resolved.href
}

/** The same with the name of the process that has the session, for balancers to route by. */
export function urlOfNode(url: string, node: string | undefined): string {
  if (node === undefined) return url
  const named = new URL(url)
  named.searchParams.set('node', node)
  return named.href
}
