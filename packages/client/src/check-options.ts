const FUNCTIONS = ['auth', 'WebSocket', 'onError', 'onContractChanged'] as const

/** What is looked at, which may be anything. */
interface Given extends Readonly<Partial<Record<(typeof FUNCTIONS)[number] | 'url', unknown>>> {
  readonly codec?: unknown
  readonly handlers?: unknown
}

/**
 * The types say all of this already. Who has none is told here: an `auth` that is a token would fail before each
 * connection, for ever.
 * @throws TypeError for a URL, a function, a codec or handlers that are none.
 */
export function checkOptions(options: Given): void {
  if (typeof options !== 'object' || options === null) throw new TypeError('createClient() takes options: { url }.')
  const { url, codec, handlers } = options
  if (typeof url !== 'string' && !(url instanceof URL)) {
    throw new TypeError(`"url" is of type ${typeof url}: give text, as in "wss://app.example/rpc".`)
  }
  for (const name of FUNCTIONS) {
    const given = options[name] ?? undefined
    if (given === undefined || typeof given === 'function') continue
    throw new TypeError(`"${name}" is of type ${typeof given}: give a ${name === 'WebSocket' ? 'class' : 'function'}.`)
  }
  if (!has(codec, 'encode') || !has(codec, 'decode')) {
    throw new TypeError('"codec" is none: give what createCodec() makes, or an object with encode and decode.')
  }
  if (!has(handlers, 'answering')) throw new TypeError('"handlers" are none: give what clientHandlers(router) makes.')
}

/** Whether an option, where there is one, has this method. */
function has(given: unknown, method: string): boolean {
  if (given === undefined || given === null) return true
  return typeof (given as Readonly<Record<string, unknown>>)[method] === 'function' // any value has members, if not this one
}
