/** This machine, as a parsed URL writes it: every spelling of 127.0.0.0/8 comes out as four numbers. */
const LOOPBACK = /^(?:(?:.+\.)?localhost\.?|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * Anybody on the way could read and change what goes over `ws://`, tokens too. It may lead to this machine; and where the
 * page itself came unencrypted from elsewhere, whoever could change the line could have changed the page.
 * @throws TypeError with the remedy.
 */
export function checkSecure(url: string, page: string | undefined): void {
  const { protocol, hostname, origin } = new URL(url)
  if (protocol === 'wss:' || LOOPBACK.test(hostname) || isInsecurePage(page)) return
  throw new TypeError(
    `"url" leads to ${origin} unencrypted: use wss://, or say { allowInsecure: true } where the way there is safe.`,
  )
}

function isInsecurePage(page: string | undefined): boolean {
  if (page === undefined || !URL.canParse(page)) return false
  const { protocol, hostname } = new URL(page)
  return protocol === 'http:' && !LOOPBACK.test(hostname)
}
