const LISTS = { origins: '["https://app.example"]', trustProxy: '["10.0.0.0/8"]' } as const
const FUNCTIONS = ['authenticate', 'onError'] as const
const TEXTS = ['node', 'contract'] as const
const SWITCHES = ['requireTls', 'exposeErrors'] as const

/** What these must have, and what has it. */
const OBJECTS = {
  logger: [['debug', 'info', 'warn', 'error'], 'an object with debug, info, warn and error'],
  codec: [['encode', 'decode'], 'what createCodec() makes'],
  idempotencyStore: [['begin', 'finish', 'release'], 'what memoryIdempotencyStore() makes, or the like'],
} as const

/** What is looked at, which may be anything. */
type Given = Readonly<Record<string, unknown>>

/**
 * The types say all of this already. Who has none, or habits from elsewhere (`trustProxy: true`), is told here and not by
 * the first client. What has a default may also be null.
 * @throws TypeError for a list, a function, a text, a switch or an object that is none.
 */
export function checkOptions(options: object): void {
  const given = options as Given // any value has members, if not these
  for (const [name, example] of Object.entries(LISTS)) {
    const list = given[name]
    if (list === undefined || Array.isArray(list)) continue
    throw new TypeError(`"${name}" is ${shown(list)}: give a list, as in ${example}, or [] for none.`)
  }
  for (const name of FUNCTIONS) checkType(name, given[name], 'function')
  for (const name of TEXTS) checkType(name, given[name], 'string')
  for (const name of SWITCHES) {
    const value = given[name] ?? undefined
    if (value === undefined || typeof value === 'boolean') continue
    throw new TypeError(`"${name}" is ${shown(value)}: give true or false.`)
  }
  checkObject('logger', given.logger)
  for (const name of ['codec', 'idempotencyStore'] as const) checkObject(name, given[name] ?? undefined)
}

/** @throws TypeError for what holds no options: a port alone, or nothing, as where the router stands among them. */
export function checkGiven(options: unknown, example: string): void {
  if (typeof options === 'object' && options !== null) return
  throw new TypeError(`The options are ${shown(options)}: give them behind the router, as in ${example}.`)
}

/** @throws TypeError for what is no port: Node would take none for any. */
export function checkPort(port: unknown): number {
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new TypeError(`"port" is ${shown(port)}: give a whole number from 0 to 65535, 0 for a free one.`)
}

/** @throws TypeError for what is no path of a request. */
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

/** @throws TypeError for a value of another type. */
export function checkType(name: string, value: unknown, type: 'function' | 'string'): void {
  const is = typeof value
  if (value === undefined || is === type) return
  throw new TypeError(`"${name}" is of type ${is}: give ${type === 'string' ? 'text' : 'a function'}.`)
}

/** A value as a message says it. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function checkObject(name: keyof typeof OBJECTS, value: unknown): void {
  if (value === undefined) return
  const [methods, remedy] = OBJECTS[name]
  const missing = methods.find((method) => typeof (value as Given | null)?.[method] !== 'function')
  if (missing !== undefined) throw new TypeError(`"${name}" has no "${missing}": give ${remedy}.`)
}
