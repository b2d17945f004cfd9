import type { Side, Watched } from './watcher.ts'
import { type RawFrame, readWireFrame, textOfFrame, type WireFrame } from './wire-frame.ts'
import { type Loot, type Rival, type SessionTerms, WireSession } from './wire-session.ts'

/** As much of a greeting as is looked at. */
interface WireGreeting {
  readonly auth?: unknown
  /** What `hello` may find a session by whose `welcome` was lost. */
  readonly nonce?: string
  /** The session that `resume` asks for. */
  readonly session?: string
  readonly generation: number
  readonly secret?: string
}

/** What is known of one connection. */
interface WireLink {
  greeting: WireGreeting | undefined
  /** The session that the server has attached it to. */
  session: WireSession | undefined
  /** Whether the client has heard of that. */
  isAnswered: boolean
  /** Whether its principal was thrown out while it was open: then nothing more may go. */
  isRevoked: boolean
  /** Whether it said to be somebody who was thrown out: then it may end. */
  mayEnd: boolean
  /** What came to the server behind a greeting that it hasn't answered. */
  held: WireFrame[]
  /** Ends that have begun to close it: what they get after that, they ignore. */
  readonly closing: Set<Side>
}

/** What the checks need to know of the run. */
export interface WireTerms extends SessionTerms {
  readonly violations: string[]
  /** A session was refused with reason: its client has to fear for what was on its line. */
  lost(client: string): void
}

/** Rules that hold on the wire between two honest ends, checked with each frame that goes or comes. */
export class WireCheck {
  readonly #terms: WireTerms
  readonly #links = new Map<Watched, WireLink>()
  readonly #sessions = new Map<string, WireSession>()
  readonly #byNonce = new Map<string, WireSession>()
  /** Connections whose greeting has no answer: one that died first may have got a session that the wire never showed. */
  readonly #unanswered = new Map<Watched, WireGreeting>()
  #frames = 0

  constructor(terms: WireTerms) {
    this.#terms = terms
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
    const nothing = { greeting: undefined, session: undefined, isAnswered: false, isRevoked: false, mayEnd: false }
    this.#links.set(link, { ...nothing, held: [], closing: new Set() })
  }

  sent(link: Watched, side: Side, raw: RawFrame): void {
    const text = textOfFrame(raw)
    const wire = this.#of(link)
    if (side === 'client' && BYE.test(text)) wire.session?.bye()
    if (side === 'server' && wire.isRevoked) this.#tell(link, `the server spoke to somebody thrown out: ${text}`)
    if (side === 'server' && ANSWER.test(text)) return this.#answer(link, wire, JSON.parse(text))
    const [, ack] = DATA_HEAD.exec(text) ?? ACK.exec(text) ?? []
    if (ack === undefined) return
    if (side === 'server' && wire.session === undefined) this.#tell(link, 'the server spoke before it had answered')
    // What a client says before it has heard the answer may be for a session that is gone.
    if (side === 'server' || wire.isAnswered) wire.session?.acknowledged(side, Number(ack))
  }

  /** Whether the frame counts: what comes on a connection that this end has let go of, it ignores. */
  got(link: Watched, side: Side, raw: RawFrame): boolean {
    this.#frames++
    const wire = this.#of(link)
    if (wire.closing.has(side)) return false
    const frame = this.#read(link, raw)
    const [head, fields, ...messages] = frame.parts
    if (side === 'client' && (head === 'welcome' || head === 'resumed')) wire.isAnswered = true
    if (side === 'server' && (head === 'hello' || head === 'resume')) this.#ask(link, wire, fields)
    if (head === 'ack' && messages.length > 0) wire.session?.proved(Number(messages[0]))
    if (typeof head !== 'number') return true
    if (wire.session === undefined) wire.held.push(frame)
    else wire.session.got(link, side, frame)
    return true
  }

  /** Both ends are ours, so neither may have reason to accuse the other (codes 4400-4499). */
  closes(link: Watched, side: Side, code: number, reason: string): void {
    if (code >= 4400 && code <= 4499) this.#tell(link, `the ${side} closed with ${code}: ${reason}`)
  }

  givesUp(link: Watched, side: Side): void {
    if (!this.#of(link).mayEnd) this.#tell(link, `the ${side} gave up a connection that nothing was wrong with`)
  }

  left(link: Watched, side: Side): void {
    const wire = this.#of(link)
    wire.closing.add(side)
    if (side !== 'server') return
    wire.session?.detached(link)
    // It may have been given the session with no word of it on the wire: then it has let go of that, too.
    const { session = '', nonce = '' } = wire.greeting ?? {}
    const asked = this.#sessions.get(session) ?? this.#byNonce.get(nonce)
    asked?.released()
  }

  /** What somebody may have read off the wire of sessions in this process. */
  lootOf(process: number): readonly (Loot & { readonly principal: string })[] {
    const here = [...this.#sessions.values()].filter((session) => session.process === process)
    return here.flatMap(({ loot, principal }) => (loot === undefined ? [] : [{ ...loot, principal }]))
  }

  /** A process has ended. Gives the clients whose session was there and wasn't over. */
  ended(process: number): Set<string> {
    const here = [...this.#sessions.values()].filter((session) => session.process === process)
    return new Set(here.filter((session) => session.lose()).map(({ client }) => client))
  }

  /** From now on nothing may go to this principal on what it has in this process. Gives the clients that it concerns. */
  revoked(process: number, principal: string): Set<string> {
    const clients = new Set<string>()
    for (const [link, wire] of this.#links) {
      if (link.process !== process) continue
      if (wire.session?.principal === principal) wire.isRevoked = true
      if (wire.greeting?.auth === principal) wire.mayEnd = true
    }
    for (const session of this.#sessions.values()) {
      if (session.process === process && session.principal === principal && session.revoke())
        clients.add(session.client)
    }
    return clients
  }

  #read(link: Watched, raw: RawFrame): WireFrame {
    try {
      return readWireFrame(raw)
    } catch (error) {
      this.#tell(link, `a frame ${String(error)}: ${textOfFrame(raw)}`)
      return { parts: ['broken', undefined], attachments: [] }
    }
  }

  #ask(link: Watched, wire: WireLink, fields: unknown): void {
    wire.held = []
    // Both greetings have an object there.
    wire.greeting = fields as WireGreeting
    this.#unanswered.set(link, wire.greeting)
  }

  #answer(link: Watched, wire: WireLink, [word, fields]: WireFrame['parts']): void {
    const held = wire.held.splice(0)
    this.#unanswered.delete(link)
    if (word === 'refused') return this.#refuse(link, wire, (fields as { readonly code: string }).code)
    if (wire.session !== undefined) this.#tell(link, `the server answered twice, now with "${String(word)}"`)
    const session = word === 'welcome' ? this.#welcome(link, wire, fields) : this.#resume(link, wire)
    if (session === undefined) return
    wire.session = session
    const broken = session.attached(
      link,
      wire.greeting ?? { generation: 0 },
      (fields as { readonly secret: string }).secret,
    )
    if (broken !== undefined) this.#tell(link, broken)
    for (const frame of held) session.got(link, 'server', frame)
  }

  #refuse(link: Watched, { greeting }: WireLink, code: string): void {
    if (code === 'STATE_MISMATCH') this.#tell(link, 'the two ends did not agree on what was delivered')
    if (code !== 'SESSION_LOST') return
    const session = this.#sessions.get(greeting?.session ?? '')
    // What a thief is told concerns nobody, nor what an attempt is told that comes late.
    if (session !== undefined && (session.client !== link.client || !session.isNewer(greeting?.generation))) return
    const rivals = [...this.#sessions.values(), ...this.#unseen()]
    const mayBe = session?.mayBeLost(link.process, greeting?.auth, rivals) ?? true
    if (!mayBe) this.#tell(link, 'a session was lost for no reason')
    if (session === undefined || session.lose()) this.#terms.lost(link.client)
  }

  /** Sessions that there may be, though their `welcome` never went. */
  #unseen(): Rival[] {
    return [...this.#unanswered].map(([{ process }, { auth }]) => ({ process, principal: auth }))
  }

  #welcome(link: Watched, { greeting }: WireLink, fields: unknown): WireSession {
    // `welcome` names its session.
    const { session: name } = fields as { readonly session: string }
    const known = this.#sessions.get(name)
    if (known !== undefined) return known
    const owner = { name, client: link.client, process: link.process ?? 0, principal: String(greeting?.auth) }
    const session = new WireSession(owner, this.#terms)
    this.#sessions.set(name, session)
    if (greeting?.nonce !== undefined) this.#byNonce.set(greeting.nonce, session)
    return session
  }

  /** `resumed` goes on with the session that was asked for. */
  #resume(link: Watched, { greeting }: WireLink): WireSession | undefined {
    const session = this.#sessions.get(greeting?.session ?? '')
    if (session === undefined) this.#tell(link, 'a session was resumed that had never begun')
    else if (session.principal !== greeting?.auth)
      this.#tell(link, `a session of ${session.principal} was given to another`)
    return session
  }

  #of(link: Watched): WireLink {
    const wire = this.#links.get(link)
    if (wire === undefined) throw new Error(`${link.name} was used before it was opened.`)
    return wire
  }

  #tell(link: Watched, violation: string): void {
    this.#terms.violations.push(`wire, ${link.name}: ${violation}`)
  }
}

const ANSWER = /^\["(welcome|resumed|refused)"/
const BYE = /^\["bye"/
const DATA_HEAD = /^\[\d+,(\d+),/
const ACK = /^\["(?:ack|pong)",(\d+)/
