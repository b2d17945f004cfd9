import { readdirSync, readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { extname, join, sep } from 'node:path'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

interface File {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** Answers with the files of a built page. They are few, so they are read once; a path outside can't be asked for. */
export function staticFiles(folder: string): RequestListener {
  const files = readFiles(folder)
  return (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '/'
    const file = files.get(path === '/' ? '/index.html' : path)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end()
      return
    }
    if (file === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is nothing here.\n')
      return
    }
    response.writeHead(200, file.headers).end(request.method === 'HEAD' ? undefined : file.body)
  }
}

function readFiles(folder: string): Map<string, File> {
  const files = new Map<string, File>()
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = file.slice(folder.length).split(sep).join('/')
    const body = readFileSync(file)
    files.set(path, { body, headers: headersOf(path, body) })
  }
  return files
}

function headersOf(path: string, body: Buffer): Record<string, string> {
  return {
    'content-type': CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
    'content-length': String(body.byteLength),
    'x-content-type-options': 'nosniff',
    // Names under /assets/ carry a hash of their content, so they never change; the others are asked for each time.
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
}
