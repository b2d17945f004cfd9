import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { render } from '../server/render.tsx'
import { openSite, type Pages } from '../server/site.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Builds the example and the packages it stands on; a moment when nothing has changed since the last time. */
export function buildExample(): void {
  const args = ['run', 'build', '--filter=@hotline/example-ssr', '--output-logs=errors-only']
  const env = { ...process.env, NODE_ENV: undefined, TURBO_TELEMETRY_DISABLED: '1' }
  const shell = process.platform === 'win32'
  const turbo = join(ROOT, 'node_modules/.bin/turbo')
  const { status, stdout, stderr } = spawnSync(turbo, args, { cwd: ROOT, env, shell, encoding: 'utf8' })
  if (status !== 0) throw new Error(`The example could not be built:\n${stdout}${stderr}`)
}

/** index.html as it is written, without its scripts: for what needs no browser, and so no build. */
const PLAIN_PAGES: Pages = {
  file: (_request, _response, next) => next(),
  template: async () => readFileSync(new URL('../index.html', import.meta.url), 'utf8'),
  render,
  headers: {},
}

/** The site in this process, on a free port. */
export async function startSite(pages: Pages = PLAIN_PAGES) {
  const http = createServer({ headersTimeout: 10_000 })
  const server = openSite(http, pages)
  const upgrades: (string | undefined)[] = []
  http.on('upgrade', ({ url }) => upgrades.push(url))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  // A server that listens on TCP has an address with a port.
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`

  /** Sends a form as the page would. */
  function post(path: string, { cookie = '', ...fields }: Record<string, string>) {
    const body = new URLSearchParams(fields)
    return fetch(url + path, { method: 'POST', body, headers: { origin: url, cookie }, redirect: 'manual' })
  }

  return {
    url,
    server,
    upgrades,
    post,
    /** The cookie of somebody who has signed in. */
    async signIn(name: string): Promise<string> {
      const response = await post('/sign-in', { name })
      return response.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
    },
    /** The page's HTML. */
    async html(cookie = ''): Promise<string> {
      return (await fetch(url, { headers: { cookie } })).text()
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
