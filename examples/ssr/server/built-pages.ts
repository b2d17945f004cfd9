import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { render } from './render.tsx'
import type { Pages } from './site.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** The pages of a folder that `vite build` has made. Its files are few, so they are read once. */
export function builtPages(folder: URL): Pages {
  const template = readFileSync(new URL('index.html', folder), 'utf8')
  const assets = readdirSync(new URL('assets/', folder))
  const files = new Map(assets.map((name) => [`/assets/${name}`, readFileSync(new URL(`assets/${name}`, folder))]))
  return {
    file(request, response, next) {
      const body = files.get(request.url ?? '')
      if (body === undefined) return next()
      response.writeHead(200, {
        'content-type': `${CONTENT_TYPES[extname(request.url ?? '')] ?? 'application/octet-stream'}; charset=utf-8`,
        // Their names carry a hash of their content.
        'cache-control': 'public, max-age=31536000, immutable',
      })
      response.end(body)
    },
    template: async () => template,
    render,
    headers: {
      // No script but the page's own runs, so even a title that got out of its place would be only text.
      'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    },
  }
}
