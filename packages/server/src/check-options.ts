import type { Logger } from './logger.ts'

const LISTS = ['origins', 'trustProxy'] as const
const FUNCTIONS = ['authenticate', 'onError'] as const
const LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** What is looked at, which may be anything. */
interface Given extends Readonly<Partial<Record<(typeof LISTS)[number] | (typeof FUNCTIONS)[number], unknown>>> {
  readonly logger?: Partial<Logger> | undefined
}

/**
 * The types say all of this already. Who has none, or habits from elsewhere (`trustProxy: true`), is told here and not by
 * the first client.
 * @throws TypeError for a list, a function or a logger that is none.
 */
export function checkOptions(options: Given): void {
  for (const name of LISTS) {
    const list = options[name]
    if (list === undefined || Array.isArray(list)) continue
    throw new TypeError(`"${name}" is ${shown(list)}: give a list, [] for none.`)
  }
  for (const name of FUNCTIONS) {
    const given = options[name]
    if (given === undefined || typeof given === 'function') continue
    throw new TypeError(`"${name}" is of type ${typeof given}: give a function.`)
  }
  const { logger } = options
  const missing = logger === undefined ? undefined : LEVELS.find((level) => typeof logger?.[level] !== 'function')
  if (missing === undefined) return
  throw new TypeError(`"logger" has no "${missing}": give an object with debug, info, warn and error.`)
}

/** @throws TypeError for what is no port: Node would take none for any. */
export function checkPort(port: unknown): number {
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new TypeError(`"port" is ${shown(port)}: give a whole number from 0 to 65535, 0 for a free one.`)
}

/** @throws TypeError for what no request's path is. */
export function checkPath(path: unknown): string {
  if (typeof path === 'string' && /^\/[^?#]*$/.test(path)) return path
  throw new TypeError(`"path" is ${shown(path)}: begin it with a slash, as in "/rpc", and leave out "?" and "#".`)
}

/** @throws TypeError for anything but an HTTP server. The application of a framework has many of its methods, and hears of no upgrade. */
export function checkServer(server: unknown): void {
  const isServer = typeof server === 'object' && server !== null && 'listening' in server && 'headersTimeout' in server
  if (isServer) return
  throw new TypeError('"server" is no HTTP server: give what createServer() made, or what app.listen() gives.')
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
