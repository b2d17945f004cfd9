import { type ClientEvent, formatControl, messageOf, parseJson, type Reauthed } from '@hotline/core/internal'
import type { Settings } from './options.ts'

/** A server that has short-lived credentials renewed without end would have the application asked without end. */
const MIN_RENEWAL_MS = 1_000

/** Asks the application's `auth`: before each connection, and on a live one before the credentials run out. */
export class Credentials {
  readonly #settings: Pick<Settings, 'auth' | 'environment'>
  /** Counts what was asked, so that a late answer finds that it is late. */
  #asked = 0
  #renewedAt = Number.NEGATIVE_INFINITY

  constructor(settings: Pick<Settings, 'auth' | 'environment'>) {
    this.#settings = settings
  }

  /** Asks for a new connection, and tells the machine what came of it. */
  ask(tell: (event: ClientEvent) => void): void {
    const asked = ++this.#asked
    this.#ask().then(
      (auth) => asked === this.#asked && tell({ name: 'auth', auth }),
      (error: unknown) => {
        const reason = `"auth" failed: ${messageOf(error)}`
        if (asked === this.#asked) tell({ name: 'authFailed', reason, random: this.#settings.environment.random() })
      },
    )
  }

  /** What was asked no longer counts. */
  forget(): void {
    this.#asked++
  }

  /** Asks for a live connection. Where it fails, the server closes when the old ones run out, and the next one asks again. */
  renew(send: (frame: string) => void): void {
    this.#renewedAt = this.#settings.environment.now()
    this.#ask()
      .then((auth) => send(formatControl(['reauth', { auth }])))
      .catch(() => {})
  }

  /**
   * When to ask again: well before they run out, and spread over a sixth of their time, since after a deploy everybody's
   * run out together. `Infinity` where the application gives none: cookies come with a new connection only.
   */
  renewAt({ expiresInMs }: Reauthed): number {
    const { auth, environment } = this.#settings
    if (auth === undefined || expiresInMs === undefined) return Number.POSITIVE_INFINITY
    const dueAt = environment.now() + expiresInMs * (0.7 + environment.random() / 6)
    return Math.max(dueAt, this.#renewedAt + MIN_RENEWAL_MS)
  }

  async #ask(): Promise<unknown> {
    return asSent(await this.#settings.auth?.())
  }
}

/** What goes to the server. Throws for what JSON can't say, and for what a server closes the connection for. */
function asSent(auth: unknown): unknown {
  if (auth === undefined) return undefined
  // `undefined` for a function or a symbol, whatever its type says.
  const json: string | undefined = JSON.stringify(auth)
  if (json === undefined) throw new TypeError(`it gave a ${typeof auth}, which JSON has no word for.`)
  return parseJson(json, 'What it gave')
}
