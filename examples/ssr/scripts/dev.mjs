// Serves the page while one works on it: Vite gives the scripts and styles, and renders with the newest components. What is
// changed in server/api.ts and below wants a new start.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createServer as createVite } from 'vite'

const port = Number(process.env.PORT ?? 3001)
const http = createServer({ headersTimeout: 10_000, connectionsCheckingInterval: 2_500 })
const vite = await createVite({
  root: fileURLToPath(new URL('../', import.meta.url)),
  appType: 'custom',
  // Its own line, for changes in the page, is beside Hotline's on the same port.
  server: { middlewareMode: true, hmr: { server: http } },
})

/** @type {typeof import('../server/site.ts')} */
const { openSite } = await load('/server/site.ts')
openSite(http, {
  file: vite.middlewares,
  template: (url) => vite.transformIndexHtml(url, readFileSync(new URL('../index.html', import.meta.url), 'utf8')),
  async render(context) {
    /** @type {typeof import('../server/render.tsx')} */
    const { render } = await load('/server/render.tsx')
    return render(context)
  },
  headers: {},
})
http.listen(port, () => console.log(`To do, while you work on it: http://localhost:${port}`))

/**
 * What a file exports, as it is now.
 * @param {string} path
 * @returns {Promise<any>} The types are said where it is called.
 */
function load(path) {
  return vite.ssrLoadModule(path)
}
