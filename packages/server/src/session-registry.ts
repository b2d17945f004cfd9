import { type Greeting, Heap, type Hello, type Resume, type ResumeRefusal } from '@hotline/core/internal'
import type { Carrier, Claim } from './carrier.ts'
import { CrowdedPrincipals } from './crowded-principals.ts'
import { HeldLedger } from './held-ledger.ts'
import type { Identity } from './identity.ts'
import { ServerSession, type SessionKeeper } from './server-session.ts'
import type { SessionHost } from './session-host.ts'
import { hashSecret, judgeNobody } from './session-secret.ts'

/** From this share of what all may hold on, no new session is taken: those that are there come first. */
const FULL_SHARE = 0.9

/** A greeting that was granted: the session, now the connection's, and what its answer carries. */
export interface Admission {
  readonly session: ServerSession
  readonly secret: string
}

/** Sessions by their id, with those that no connection carries in the order in which they lost theirs. */
export class SessionRegistry implements SessionKeeper {
  readonly #host: SessionHost
  readonly #byId = new Map<string, ServerSession>()
  readonly #byNonce = new Map<string, ServerSession>()
  readonly #byPrincipal = new Map<string, Set<ServerSession>>()
  readonly #detached = new Set<ServerSession>()
  readonly #detachedOf = new Map<string, Set<ServerSession>>()
  readonly #crowded: CrowdedPrincipals
  /** Connections that the application has let in and that have no session: a hello may follow the resume that was declined. */
  readonly #declined = new Set<Carrier>()
  /** What all sessions hold. */
  readonly held: HeldLedger
  /** What those hold that no connection carries. */
  readonly away: HeldLedger

  constructor(host: SessionHost) {
    const { alarms, settings } = host
    const common = { alarms, now: () => settings.environment.now() }
    this.#host = host
    this.#crowded = new CrowdedPrincipals(settings)
    this.held = new HeldLedger({ ...common, most: settings.limits.maxHeldCharacters, relieve: () => this.#giveWay() })
    const relieve = () => this.#endOldest(this.away)
    this.away = new HeldLedger({ ...common, most: settings.limits.maxDetachedCharacters, relieve })
  }

  get size(): number {
    return this.#byId.size
  }

  /** The oldest first. */
  get all(): Iterable<ServerSession> {
    return this.#byId.values()
  }

  /** Those of a principal, the oldest first. */
  of(principal: string): Iterable<ServerSession> {
    return this.#byPrincipal.get(principal) ?? []
  }

  get detachedSize(): number {
    return this.#detached.size
  }

  /** Connections whose resume was declined, and that have said nothing since. */
  get declinedSize(): number {
    return this.#declined.size
  }

  /** The session that a greeting asks for, now the connection's; else why not. */
  admit(connection: Carrier, greeting: Greeting, identity: Identity): Admission | ResumeRefusal {
    const admission =
      greeting[0] === 'hello'
        ? this.#open(connection, greeting[1], identity)
        : this.#resume(connection, greeting[1], identity)
    if (typeof admission === 'string') this.#declined.add(connection)
    else this.#declined.delete(connection)
    return admission
  }

  /** The connection is over. */
  left(connection: Carrier): void {
    this.#declined.delete(connection)
  }

  /** Whether the greeting is for a session that there may be, and not for a new one. */
  knows(greeting: Greeting, { principal }: Identity): boolean {
    return greeting[0] === 'resume' || this.#byNonce.has(keyOf(greeting[1], principal))
  }

  /** Whether there is room for a new session. Those of clients that are away make some. */
  makeRoom(): boolean {
    this.#endOldest(this.held, FULL_SHARE)
    return this.held.excess(FULL_SHARE) <= 0
  }

  /** A new session, or the one that a lost `welcome` spoke of. */
  #open(connection: Carrier, hello: Hello, { principal, context }: Identity): Admission | ResumeRefusal {
    const nonceKey = keyOf(hello, principal)
    const known = this.#byNonce.get(nonceKey)
    if (known !== undefined && !known.isNewer(hello.generation)) return 'STALE'
    const session = known ?? this.#add(new ServerSession(this.#host, this, { hello, principal, nonceKey }))
    return this.#admit(session, connection, { generation: hello.generation, context, presented: undefined })
  }

  /** The session that a client has credentials for. A refusal changes nothing of the owner's, but for `STATE_MISMATCH`. */
  #resume(connection: Carrier, resume: Resume, { principal, context }: Identity): Admission | ResumeRefusal {
    const session = this.#byId.get(resume.session)
    const verdict = session?.judgeSecret(resume.secret) ?? judgeNobody(resume.secret)
    if (session !== undefined && verdict === 'ended') this.#warnOfTwo(session, connection, principal)
    if (session === undefined || verdict !== 'valid' || session.principal !== principal) return 'SESSION_LOST'
    if (!session.isNewer(resume.generation)) return 'STALE'
    const { base, written } = session.session.delivery
    if (resume.received < base - 1 || resume.received > written) {
      session.endAtOnce('The two ends did not agree on what was delivered.')
      return 'STATE_MISMATCH'
    }
    return this.#admit(session, connection, { generation: resume.generation, context, presented: resume.secret })
  }

  /** Keeps detached sessions within their bounds: the one that was detached first goes first. */
  detached(session: ServerSession): void {
    this.#detached.add(session)
    session.ledgers.join(this.away)
    if (session.principal !== undefined) this.#boundPrincipal(session, session.principal)
    this.#endOldest(this.away)
  }

  ended(session: ServerSession): void {
    this.#byId.delete(session.id)
    this.#byNonce.delete(session.nonceKey)
    if (session.principal !== undefined) removeFrom(this.#byPrincipal, session.principal, session)
    this.#attached(session)
    session.ledgers.close()
  }

  /** Nobody walks over all connections for that: an application may throw out thousands, one after the other. */
  revoke(principal: string): void {
    for (const session of [...this.of(principal)]) session.endAtOnce('The principal was revoked.')
    for (const connection of [...this.#declined]) connection.revoke(principal)
  }

  recheck(principal: string): void {
    for (const session of this.of(principal)) session.recheck()
  }

  endAll(reason: string): void {
    for (const session of [...this.#byId.values()]) session.end(reason)
  }

  #add(session: ServerSession): ServerSession {
    this.#byId.set(session.id, session)
    this.#byNonce.set(session.nonceKey, session)
    if (session.principal !== undefined) addTo(this.#byPrincipal, session.principal, session)
    return session
  }

  #admit(session: ServerSession, connection: Carrier, claim: Claim): Admission {
    this.#attached(session)
    return { session, secret: session.claim(connection, claim) }
  }

  /** Of the two that have had the secret one is not the owner: whoever reads the log may want to know which. */
  #warnOfTwo({ id, principal }: ServerSession, { address }: Carrier, as: string | undefined): void {
    this.#host.settings.logger.warn(
      { session: id, principal, as, address },
      'a resume came with a secret of this session that has ended: two have had it, and one may have stolen it',
    )
  }

  /** It counts no more among those that no connection carries. */
  #attached(session: ServerSession): void {
    this.#detached.delete(session)
    session.ledgers.leave()
    if (session.principal !== undefined) removeFrom(this.#detachedOf, session.principal, session)
  }

  #boundPrincipal(session: ServerSession, principal: string): void {
    const { maxDetachedPerPrincipal } = this.#host.settings.limits
    const theirs = addTo(this.#detachedOf, principal, session)
    for (const oldest of theirs) {
      if (theirs.size <= maxDetachedPerPrincipal) return
      this.#crowded.tell(principal)
      oldest.end(`${maxDetachedPerPrincipal} sessions of this principal wait for their client already.`)
    }
  }

  /** Ends sessions that no connection carries until the ledger is within this share of its limit, or none is left. */
  #endOldest(ledger: HeldLedger, share = 1): void {
    // The first of a set is looked for behind all that have left from its front: not for each greeting.
    if (ledger.excess(share) <= 0) return
    for (const oldest of this.#detached) {
      if (ledger.excess(share) <= 0) return
      oldest.end('Too much was held for clients that are away.')
    }
  }

  /** Too much is held by all together. */
  #giveWay(): void {
    this.#endOldest(this.held)
    if (this.held.excess() <= 0) return
    // Mostly one has to go: sorting all of them for that, again and again while memory is short, took four times as long.
    const most = new Heap<ServerSession>((one, other) => one.holdings.size > other.holdings.size)
    for (const session of this.#byId.values()) most.push(session)
    while (this.held.excess() > 0 && most.size > 0) most.shift()?.giveWay()
  }
}

type ByPrincipal = Map<string, Set<ServerSession>>

function addTo(map: ByPrincipal, principal: string, session: ServerSession): Set<ServerSession> {
  const theirs = map.get(principal) ?? new Set()
  map.set(principal, theirs.add(session))
  return theirs
}

function removeFrom(map: ByPrincipal, principal: string, session: ServerSession): void {
  const theirs = map.get(principal)
  theirs?.delete(session)
  if (theirs?.size === 0) map.delete(principal)
}

function keyOf({ nonce }: Hello, principal: string | undefined): string {
  const hash = hashSecret(nonce) // of a length, so that a principal may follow
  return principal === undefined ? hash : `${hash} ${principal}`
}
