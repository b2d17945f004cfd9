const FUNCTIONS = ['auth', 'WebSocket', 'onError', 'onContractChanged'] as const

/** What these must have, and what makes one. */
const MADE = { codec: ['decode', 'createCodec()'], handlers: ['answering', 'clientHandlers(router)'] } as const

/** What is looked at, which may be anything. */
type Given = Readonly<Partial<Record<(typeof FUNCTIONS)[number] | keyof typeof MADE | 'url', unknown>>>

/**
 * The types say all of this already. Who has none is told here: an `auth` that is a token would fail before each
 * connection, for ever.
 * @throws TypeError for a URL, a function, a codec or handlers that are none.
 */
export function checkOptions(options: Given): void {
  const url = options?.url
  if (typeof url !== 'string' && !(url instanceof URL)) {
    throw new TypeError(
      `"url" is of type ${typeof url}: give text, as in createClient({ url: "wss://app.example/rpc" }).`,
    )
  }
  for (const name of FUNCTIONS) {
    const type = typeof (options[name] ?? checkOptions)
    if (type !== 'function') throw new TypeError(`"${name}" is of type ${type}: give a function.`)
  }
  for (const name of ['codec', 'handlers'] as const) {
    const [method, maker] = MADE[name]
    // Any value has members, if not this one.
    const given = (options[name] ?? undefined) as Readonly<Record<string, unknown>> | undefined
    if (given === undefined || typeof given[method] === 'function') continue
    throw new TypeError(`"${name}" has no "${method}": give what ${maker} makes.`)
  }
}
