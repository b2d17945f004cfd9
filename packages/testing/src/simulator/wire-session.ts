import { type CallState, EXPECTED, isOpener } from './expected-messages.ts'
import type { FlowRecord } from './flow.ts'
import type { Side, Watched } from './watcher.ts'
import type { WireFrame } from './wire-frame.ts'
import { isAboutItems, WireItems } from './wire-items.ts'
import { WirePieces } from './wire-pieces.ts'

interface Progress {
  /** The number of the last message that came to this side, and of the last that it acknowledged. */
  received: number
  acknowledged: number
  /** The connection that last brought something, and the number of the last message that it brought. */
  link: Watched | undefined
  last: number
  readonly pieces: WirePieces
  /** Whether any came in pieces: small messages may have passed those that wait behind it. */
  hadPieces: boolean
}

/** What is known of a session from its beginning. */
interface Owner {
  readonly name: string
  readonly client: string
  readonly process: number
  readonly principal: string
}

/** As much of a greeting as its session looks at. */
interface Greeted {
  readonly generation: number
  /** What a resume presents. */
  readonly secret?: string
}

/** What somebody may have read off the wire of a session. */
export interface Loot {
  readonly session: string
  /** A secret that has been replaced, and the newest one. */
  readonly outdated: string
  readonly secret: string
  /** Of the newest attempt. */
  readonly generation: number
  /** Messages that the client has acknowledged. */
  readonly received: number
}

/** What sessions are held to. */
export interface SessionTerms {
  readonly violations: string[]
  readonly graceMs: number
  readonly maxDetachedPerPrincipal: number
  /** Streams of which both ends have written down what they did. */
  readonly flows: readonly FlowRecord[]
  now(): number
  /** The clock of a process, which may be ahead. */
  ownNow(process: number): number
  /** Whether all timers of a process went off in time: it never stood still, and its clock never jumped. */
  isPunctual(process: number): boolean
}

/** A session that may count against another's cap. */
export interface Rival {
  readonly process: number | undefined
  readonly principal: unknown
}

/** Timers have whole milliseconds. */
const SLACK_MS = 2

/**
 * What both ends of one session have said so far, as the wire shows it: no number left out and none twice on one
 * connection, nothing acknowledged that hasn't come, each call's messages in the only order that PROTOCOL.md knows; and
 * whose it is, how long it lives, and which attempt of its client may have it.
 */
export class WireSession {
  readonly client: string
  readonly process: number
  readonly principal: string
  readonly #name: string
  readonly #terms: SessionTerms
  readonly #progress: Readonly<Record<Side, Progress>> = {
    client: { received: 0, acknowledged: 0, link: undefined, last: 0, pieces: new WirePieces(), hadPieces: false },
    server: { received: 0, acknowledged: 0, link: undefined, last: 0, pieces: new WirePieces(), hadPieces: false },
  }
  readonly #calls = new Map<number, CallState>()
  readonly #items: WireItems
  #state: 'living' | 'over' | 'lost' | 'revoked' = 'living'
  #link: Watched | undefined
  #generation = 0
  /** The newest secret, and the one that was presented for it: once the newest is known to have arrived, that one is worth nothing. */
  #secret = ''
  #presented: string | undefined
  #outdated: string | undefined
  /** When its connection was gone, by its process's own clock. */
  #detachedAt: number | undefined
  /** When the last one that came for it was gone: an answer that the socket refused attached it all the same. */
  #releasedAt = 0

  constructor({ name, client, process, principal }: Owner, terms: SessionTerms) {
    this.#name = name
    this.client = client
    this.process = process
    this.principal = principal
    this.#terms = terms
    this.#items = new WireItems(terms.flows)
  }

  /** What a thief might have. `undefined` while there is nothing that must be worthless. */
  get loot(): Loot | undefined {
    if (this.#outdated === undefined || this.#state !== 'living') return undefined
    const [secret, generation, received] = [this.#secret, this.#generation, this.#progress.client.acknowledged]
    return { session: this.#name, outdated: this.#outdated, secret, generation, received }
  }

  /** Whether this attempt of its client came after the one that has it. */
  isNewer(generation = 0): boolean {
    return generation > this.#generation
  }

  /** The client has proved that it has the secret of this attempt's answer. */
  proved(generation: number): void {
    if (generation === this.#generation) this.#outdated = this.#presented
  }

  /** Its client doesn't want it any more. */
  bye(): void {
    if (this.#state === 'living') this.#state = 'over'
  }

  /** Nobody can have it any more. Whether that is news, and its client has to fear for what was on its line. */
  lose(): boolean {
    const isNews = this.#state === 'living'
    if (isNews) this.#state = 'lost'
    return isNews
  }

  /** The same, and nobody may. */
  revoke(): boolean {
    const isNews = this.lose()
    this.#state = 'revoked'
    return isNews
  }

  /** The server has given it to this connection. Says what is wrong with that. */
  attached(link: Watched, { generation, secret: presented }: Greeted, secret: string): string | undefined {
    this.#presented = presented
    this.#secret = secret
    const detachedAt = this.#detachedAt
    const isStale = generation <= this.#generation
    this.#link = link
    this.#generation = generation
    this.#detachedAt = undefined
    if (link.client !== this.client) return 'a session was given to a thief'
    if (isStale) return 'an older attempt took the session from a newer one'
    if (this.#state === 'revoked') return 'a session was given to somebody thrown out'
    if (link.process !== this.process) return 'a session went on in another process'
    const isPunctual = this.#terms.isPunctual(this.process)
    if (
      !isPunctual ||
      detachedAt === undefined ||
      this.#terms.now() <= this.#releasedAt + this.#terms.graceMs + SLACK_MS
    )
      return undefined
    return 'a session was resumed after its time'
  }

  /** The server has let go of this connection. */
  detached(link: Watched): void {
    if (link !== this.#link) return
    this.#detachedAt ??= this.#terms.ownNow(this.process)
    this.released()
  }

  /** The server has let go of a connection that came for it. */
  released(): void {
    this.#releasedAt = this.#terms.now()
  }

  /** Whether a process has reason to tell who says to be `principal` that there is no such session. */
  mayBeLost(process: number | undefined, principal: unknown, all: readonly Rival[]): boolean {
    if (process !== this.process || principal !== this.principal || this.#state !== 'living') return true
    const { graceMs, maxDetachedPerPrincipal, ownNow } = this.#terms
    if (this.#detachedAt === undefined) return false
    if (ownNow(this.process) >= this.#detachedAt + graceMs - SLACK_MS) return true
    const theirs = all.filter((other) => other.process === process && other.principal === principal)
    return theirs.length > maxDetachedPerPrincipal
  }

  /** `side` says what it has received. */
  acknowledged(side: Side, ack: number): void {
    const progress = this.#progress[side]
    if (ack > progress.received) this.#tell(`the ${side} acknowledged ${ack} and had received ${progress.received}`)
    if (ack < progress.acknowledged) this.#tell(`the ${side} acknowledged ${ack} after ${progress.acknowledged}`)
    progress.acknowledged = ack
  }

  /** A data frame has come to `side`. What another connection brought before may come again at the beginning of a new one. */
  got(link: Watched, side: Side, { parts, attachments }: WireFrame): void {
    const [head, , ...messages] = parts
    const seq = Number(head)
    const progress = this.#progress[side]
    const { received } = progress
    if (seq > received + 1) this.#tell(`the ${side} got number ${seq} after ${received}`)
    if (progress.link === link && seq <= progress.last)
      this.#tell(`the ${side} got number ${seq} twice on one connection`)
    messages.forEach((message, index) => {
      if (seq + index > received) this.#gotPart(progress, side, message, attachments[index] ?? [])
    })
    progress.link = link
    progress.last = seq + messages.length - 1
    progress.received = Math.max(received, progress.last)
  }

  #tell(violation: string): void {
    this.#terms.violations.push(`wire, session ${this.#name}: ${violation}`)
  }

  #gotPart(progress: Progress, side: Side, message: unknown, attachments: readonly Uint8Array[]): void {
    // Whatever came is a message, if it came so far.
    if ((message as readonly unknown[])[0] === 'piece') progress.hadPieces = true
    const whole = progress.pieces.add(message, attachments)
    if (whole?.wrong !== undefined) this.#tell(`the ${side} got ${whole.wrong}`)
    if (whole !== undefined) this.#gotMessage(side, whole.message)
  }

  #gotMessage(side: Side, message: unknown): void {
    // Messages are arrays; one that isn't a message has no row below, and is told as such.
    const wrong = this.#items.got(side, message as readonly unknown[], this.#progress[side].hadPieces)
    if (wrong !== undefined) this.#tell(`the ${side}: ${wrong}`)
    if (isAboutItems(side, message as readonly unknown[])) return
    const [word, id] = message as readonly [word: string, id: number]
    const state = this.#calls.get(id)
    const expected = EXPECTED[word]
    if (expected === undefined || (expected.at === 'opener') !== isOpener(side, id))
      return this.#tell(`the ${side} got a message "${word}"`)
    if (!expected.in.includes(state))
      this.#tell(`the ${side} got "${word}" for call ${id}, which is ${state ?? 'unknown'}`)
    if (expected.makes !== undefined) this.#calls.set(id, expected.makes)
  }
}
