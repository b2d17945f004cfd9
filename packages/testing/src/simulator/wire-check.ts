import type { Side, Watched } from './watcher.ts'
import { WireSession } from './wire-session.ts'

/** What is known of one connection. */
interface WireLink {
  /** The session that `resume` asked for. */
  asked: string | undefined
  /** The session that the server has attached it to. */
  session: WireSession | undefined
  /** Whether the client has heard of that. */
  isAnswered: boolean
  /** What came to the server behind a greeting that it hasn't answered. */
  held: (readonly unknown[])[]
  /** Ends that have begun to close it: what they get after that, they ignore. */
  readonly closing: Set<Side>
}

/** The word or number that a frame begins with, and what stands behind it. */
type WireFrame = readonly [head: unknown, fields: unknown, ...messages: unknown[]]

/** Rules that hold on the wire between two honest ends, checked with each frame that goes or comes. */
export class WireCheck {
  readonly #violations: string[]
  readonly #links = new WeakMap<Watched, WireLink>()
  readonly #sessions = new Map<string, WireSession>()
  /** The connection that each client opened last: what comes on older ones it ignores. */
  readonly #newest = new Map<string, Watched>()
  #frames = 0

  constructor(violations: string[]) {
    this.#violations = violations
  }

  /** Sessions that a server began. */
  get sessions(): number {
    return this.#sessions.size
  }

  /** Frames that arrived. */
  get frames(): number {
    return this.#frames
  }

  opens(link: Watched): void {
    this.#newest.set(link.client, link)
    this.#links.set(link, { asked: undefined, session: undefined, isAnswered: false, held: [], closing: new Set() })
  }

  sent(link: Watched, side: Side, text: string): void {
    const wire = this.#of(link)
    if (side === 'server' && ANSWER.test(text)) return this.#answer(link, wire, JSON.parse(text))
    const [, ack] = DATA_HEAD.exec(text) ?? ACK.exec(text) ?? []
    if (ack === undefined) return
    if (side === 'server' && wire.session === undefined) this.#tell(link, 'the server spoke before it had answered')
    // What a client says before it has heard the answer may be for a session that is gone.
    if (side === 'server' || wire.isAnswered) wire.session?.acknowledged(side, Number(ack))
  }

  got(link: Watched, side: Side, text: string): void {
    this.#frames++
    const wire = this.#of(link)
    if (wire.closing.has(side) || (side === 'client' && this.#newest.get(link.client) !== link)) return
    const frame: WireFrame = JSON.parse(text)
    const [head, fields, ...messages] = frame
    if (side === 'client' && (head === 'welcome' || head === 'resumed')) wire.isAnswered = true
    if (side === 'server' && (head === 'hello' || head === 'resume')) this.#ask(wire, fields)
    if (typeof head !== 'number') return
    if (wire.session === undefined) wire.held.push(frame)
    else wire.session.got(link, side, head, messages)
  }

  /** Both ends are ours, so neither may have reason to accuse the other (codes 4400-4499), or to fail (1011). */
  closes(link: Watched, side: Side, code: number, reason: string): void {
    this.#of(link).closing.add(side)
    if (code >= 4400 && code <= 4499) this.#tell(link, `the ${side} closed with ${code}: ${reason}`)
  }

  givesUp(link: Watched, side: Side): void {
    this.#tell(link, `the ${side} gave up a connection that nothing was wrong with`)
  }

  #ask(wire: WireLink, fields: unknown): void {
    wire.held = []
    // Both greetings have an object there; only `resume` names a session.
    wire.asked = (fields as { readonly session?: string }).session
  }

  #answer(link: Watched, wire: WireLink, [word, fields]: WireFrame): void {
    const held = wire.held.splice(0)
    if (word === 'refused') return
    if (wire.session !== undefined) this.#tell(link, `the server answered twice, now with "${String(word)}"`)
    // `welcome` names its session; `resumed` goes on with the one that was asked for.
    const name = word === 'welcome' ? (fields as { readonly session: string }).session : wire.asked
    wire.session = this.#session(name ?? 'none', word === 'welcome')
    for (const [seq, , ...messages] of held) wire.session.got(link, 'server', Number(seq), messages)
  }

  #session(name: string, mayBegin: boolean): WireSession {
    let session = this.#sessions.get(name)
    if (session !== undefined) return session
    if (!mayBegin) this.#violations.push(`wire: session ${name} was resumed and had never begun`)
    session = new WireSession((violation) => this.#violations.push(`wire, session ${name}: ${violation}`))
    this.#sessions.set(name, session)
    return session
  }

  #of(link: Watched): WireLink {
    const wire = this.#links.get(link)
    if (wire === undefined) throw new Error(`${link.name} was used before it was opened.`)
    return wire
  }

  #tell(link: Watched, violation: string): void {
    this.#violations.push(`wire, ${link.name}: ${violation}`)
  }
}

const ANSWER = /^\["(welcome|resumed|refused)"/
const DATA_HEAD = /^\[\d+,(\d+),/
const ACK = /^\["(?:ack|pong)",(\d+)/
