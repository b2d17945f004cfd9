import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { checkHandshake, type HandshakeRefusal } from '../handshake.ts'
import type { Settings } from '../options.ts'
import { clientAddress, peerAddress } from './client-address.ts'
import { GATE_REFUSALS, type GateRefusalName } from './gate-refusals.ts'
import type { GateStats } from './gate-stats.ts'
import { isIn, isPrivate, strangerAt } from './ip-address.ts'
import { StrangerCounts } from './stranger-counts.ts'
import { StrangerRates } from './stranger-rates.ts'
import { isFromHere, isSecure } from './transport-security.ts'
import { Visit } from './visit.ts'

/** Why an upgrade doesn't happen. */
export interface GateRefusal extends HandshakeRefusal {
  /** When it makes sense to come back; `undefined` where that isn't known. */
  readonly retryAfterMs?: number
}

/** What the gate needs of a server's settings. */
type GateSettings = Pick<Settings, 'limits' | 'origins' | 'trustProxy' | 'requireTls' | 'logger' | 'environment'>

/** Counts strangers and says which of them may come in. One for each server; it holds no sockets. */
export class Gate {
  readonly #settings: GateSettings
  readonly #open = new StrangerCounts()
  readonly #unauthenticated = new StrangerCounts()
  /** TCP connections whose request isn't there yet, where the HTTP server is ours. */
  readonly #waiting = new StrangerCounts()
  readonly #upgrades: StrangerRates
  readonly #failedResumes: StrangerRates
  readonly #refusals: Record<GateRefusalName, number>
  readonly #warned = new Set<string>()

  constructor(settings: GateSettings) {
    const { upgradesPerSecond, upgradesBurst, failedResumesPerMinute } = settings.limits
    this.#settings = settings
    this.#upgrades = new StrangerRates({ perSecond: upgradesPerSecond, burst: upgradesBurst })
    this.#failedResumes = new StrangerRates({ perSecond: failedResumesPerMinute / 60, burst: failedResumesPerMinute })
    const names = Object.keys(GATE_REFUSALS) as GateRefusalName[] // the keys of a table are its names
    // Every name has its count.
    this.#refusals = Object.fromEntries(names.map((name) => [name, 0])) as Record<GateRefusalName, number>
  }

  stats(): GateStats {
    const unauthenticated = this.#unauthenticated.total + this.#waiting.total
    return { unauthenticated, refusals: { ...this.#refusals } }
  }

  /** Whom limits per address count an upgrade for; `undefined` where they are off, since many may be behind the address. */
  strangerOf(request: IncomingMessage): string | undefined {
    const { trustProxy } = this.#settings
    const address = clientAddress(request, trustProxy)
    const mayBeProxy = isPrivate(address)
    if (mayBeProxy) this.#warnOfProxy(request)
    return trustProxy === undefined && mayBeProxy ? undefined : strangerAt(address)
  }

  /** The same before there is a request: a proxy hasn't said yet whom it speaks for. */
  strangerOn(socket: Socket): string | undefined {
    const { trustProxy } = this.#settings
    const address = peerAddress({ socket })
    const isProxy = trustProxy === undefined ? isPrivate(address) : isIn(trustProxy, address)
    return isProxy ? undefined : strangerAt(address)
  }

  /** Whether its address may have one more connection whose request isn't there yet. */
  mayWait(stranger: string | undefined): boolean {
    return stranger === undefined || this.#waiting.of(stranger) < this.#settings.limits.maxUnauthenticatedPerAddress
  }

  /** Whether more connections wait than may. */
  get isCrowded(): boolean {
    return this.#waiting.total > this.#settings.limits.maxUnauthenticated
  }

  /** A connection has begun whose request isn't there yet. Gives its undo. */
  waits(stranger: string | undefined): () => void {
    this.#waiting.add(stranger)
    return () => this.#waiting.remove(stranger)
  }

  /** What is wrong with an upgrade; `undefined` where it may happen. It counts as tried, whatever comes of it. */
  check(request: IncomingMessage, stranger: string | undefined): GateRefusal | undefined {
    return this.#checkRate(stranger) ?? this.#checkRequest(request) ?? this.#checkRoom(stranger)
  }

  /** An upgrade has happened. */
  enter(stranger: string | undefined): Visit {
    return new Visit(stranger, this.#open, this.#unauthenticated)
  }

  /** Milliseconds until a resume of this claimant is looked at: 0 for now; else it counts as refused. */
  checkResume(claimant: string | undefined): number {
    const waitMs = this.#failedResumes.retryAfterMs(claimant, this.#now())
    if (waitMs > 0) this.count('failedResumes', claimant)
    return waitMs
  }

  /** A resume was refused that had no right to its session. */
  resumeFailed(claimant: string | undefined): void {
    this.#failedResumes.take(claimant, this.#now())
  }

  /** Notes a refusal of somebody: for `stats`, and once for the log where a limit was hit that the deployer may want to know of. */
  count(name: GateRefusalName, stranger: string | undefined): void {
    this.#refusals[name]++
    const { status, says } = GATE_REFUSALS[name]
    if (status !== 429 && status !== 503) return
    const remedy = stranger === undefined ? '' : '; if it is a proxy of yours, name it in "trustProxy"'
    this.#warnOnce(
      name,
      { reason: name, stranger },
      `refused a stranger: ${says} "stats()" counts the next ones${remedy}`,
    )
  }

  #checkRate(stranger: string | undefined): GateRefusal | undefined {
    const now = this.#now()
    if (this.#upgrades.take(stranger, now)) return undefined
    return { ...refusal('upgradeRate'), retryAfterMs: this.#upgrades.retryAfterMs(stranger, now) }
  }

  #checkRequest(request: IncomingMessage): GateRefusal | undefined {
    const { origins, trustProxy, requireTls } = this.#settings
    const isOverTls = isSecure(request, trustProxy)
    if (requireTls && !isOverTls && !isFromHere(request)) return refusal('insecure')
    return checkHandshake(request, { origins, isOverTls })
  }

  #checkRoom(stranger: string | undefined): GateRefusal | undefined {
    const { limits } = this.#settings
    if (this.#open.total >= limits.maxConnections) return refusal('connections')
    if (this.#unauthenticated.total >= limits.maxUnauthenticated) return refusal('unauthenticated')
    if (stranger === undefined) return undefined
    if (this.#open.of(stranger) >= limits.maxConnectionsPerAddress) return refusal('connectionsPerAddress')
    if (this.#unauthenticated.of(stranger) < limits.maxUnauthenticatedPerAddress) return undefined
    return refusal('unauthenticatedPerAddress')
  }

  #warnOfProxy(request: IncomingMessage): void {
    const { trustProxy } = this.#settings
    const peer = peerAddress(request)
    if (request.headers['x-forwarded-for'] === undefined || (trustProxy !== undefined && isIn(trustProxy, peer))) return
    this.#warnOnce(
      'proxy',
      { address: peer },
      `X-Forwarded-For is ignored, since "trustProxy" doesn't name who sends it: limits per address can't tell its clients apart; to believe it: trustProxy: [${JSON.stringify(peer)}]`,
    )
  }

  #warnOnce(about: string, fields: object, message: string): void {
    if (this.#warned.has(about)) return
    this.#warned.add(about)
    this.#settings.logger.warn(fields, message)
  }

  #now(): number {
    return this.#settings.environment.now()
  }
}

function refusal(name: GateRefusalName): GateRefusal {
  return { name, message: GATE_REFUSALS[name].says, origin: undefined }
}
