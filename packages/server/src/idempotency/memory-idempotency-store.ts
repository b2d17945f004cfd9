import type { IdempotencyKey, IdempotencyState, IdempotencyStore } from '@hotline/core'
import { isAnonymousScope, Queue } from '@hotline/core/internal'
import { sha256 } from './sha256.ts'

/** Bounds of the store that a server has where it is given none. */
export interface MemoryIdempotencyOptions {
  /**
   * How long a key is known after its run has ended. 1 h: who calls again does so within minutes, or else after a
   * restart, which no memory survives.
   */
  readonly ttlMs?: number | undefined
  /**
   * Keys at once; calls with a further one get `TOO_MANY_REQUESTS`. 200,000, some 40 MB when full: with the TTL, 55 new
   * keys a second for ever. One principal may have as many as are still free, and so may all clients without one.
   */
  readonly maxKeys?: number | undefined
  /** Characters of all outcomes together, 16 Mi. Beyond them the oldest go, and their keys answer `RESULT_DROPPED`. */
  readonly maxCharacters?: number | undefined
}

interface Limits {
  readonly ttlMs: number
  readonly maxKeys: number
  readonly maxCharacters: number
}

const DEFAULTS: Limits = { ttlMs: 60 * 60 * 1000, maxKeys: 200_000, maxCharacters: 16 * 1024 * 1024 }

/** What to wait where every key belongs to a run that hasn't ended, so that nobody knows when one is free. */
const ALL_RUNNING_MS = 1_000

/**
 * Keeps keys and outcomes in memory: for the life of this process, and for it alone.
 * @throws TypeError for what is no bound: keys would be forgotten at once, or never.
 */
export function memoryIdempotencyStore(options: MemoryIdempotencyOptions = {}): IdempotencyStore {
  const { ttlMs = DEFAULTS.ttlMs, maxKeys = DEFAULTS.maxKeys, maxCharacters = DEFAULTS.maxCharacters } = options
  if (!(typeof ttlMs === 'number' && ttlMs > 0)) throw new TypeError(`"ttlMs" is ${ttlMs}: give a number above 0.`)
  for (const [name, value] of Object.entries({ maxKeys, maxCharacters })) {
    if (!(typeof value === 'number' && value >= 0)) throw new TypeError(`"${name}" is ${value}: give a number from 0.`)
  }
  return new MemoryIdempotencyStore({ ttlMs, maxKeys, maxCharacters })
}

interface Entry {
  readonly name: string
  readonly inputHash: string
  readonly owner: string
  /** `Infinity` while it runs. */
  expiresAt: number
  outcome: string | undefined
}

class MemoryIdempotencyStore implements IdempotencyStore {
  readonly isDurable = false
  readonly #limits: Limits
  readonly #running = new Map<string, Entry>()
  readonly #done = new Map<string, Entry>()
  /**
   * Those that are done, in the order in which they ended: the first is the first to expire. A map has that order, too, but
   * finds its first behind all that have left from its front, and each call asks for it.
   */
  readonly #ended = new Queue<Entry>()
  /** Those of them whose outcome is still there, in the same order. */
  readonly #kept = new Queue<Entry>()
  readonly #keysOf = new Map<string, number>()
  #characters = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#running.size + this.#done.size
  }

  begin(key: IdempotencyKey, inputHash: string, now: number): IdempotencyState {
    this.#expire(now)
    const name = nameOf(key)
    const running = this.#running.get(name)
    if (running !== undefined) return { name: 'running', inputHash: running.inputHash }
    const done = this.#done.get(name)
    if (done !== undefined) return { name: 'done', inputHash: done.inputHash, outcome: done.outcome }
    const owner = ownerOf(key)
    const held = this.#keysOf.get(owner) ?? 0
    if (held >= this.#free) return { name: 'full', retryAfterMs: this.#nextFreeMs(now) }
    this.#keysOf.set(owner, held + 1)
    this.#running.set(name, { name, inputHash, owner, expiresAt: Number.POSITIVE_INFINITY, outcome: undefined })
    return { name: 'claimed' }
  }

  finish(key: IdempotencyKey, outcome: string, now: number): void {
    this.#expire(now)
    const name = nameOf(key)
    const entry = this.#running.get(name)
    if (entry === undefined) return
    this.#running.delete(name)
    entry.expiresAt = now + this.#limits.ttlMs
    this.#done.set(name, entry)
    this.#ended.push(entry)
    this.#keep(entry, outcome)
  }

  release(key: IdempotencyKey): void {
    const name = nameOf(key)
    const entry = this.#running.get(name)
    if (entry === undefined) return
    this.#running.delete(name)
    this.#giveBack(entry)
  }

  /**
   * Nobody may have more keys than are free: so whoever fills the store alone leaves half of it to others, and the next
   * one half of that.
   */
  get #free(): number {
    return this.#limits.maxKeys - this.#running.size - this.#done.size
  }

  #nextFreeMs(now: number): number {
    const next = this.#ended.peek()
    return next === undefined ? ALL_RUNNING_MS : Math.ceil(next.expiresAt - now)
  }

  /** An outcome that is too large by itself goes alone; else the oldest make room. */
  #keep(entry: Entry, outcome: string): void {
    if (outcome.length > this.#limits.maxCharacters) return
    entry.outcome = outcome
    this.#kept.push(entry)
    this.#characters += outcome.length
    while (this.#characters > this.#limits.maxCharacters) this.#dropOldest()
  }

  #dropOldest(): void {
    const entry = this.#kept.shift()
    if (entry === undefined) return
    this.#characters -= entry.outcome?.length ?? 0
    entry.outcome = undefined
  }

  #expire(now: number): void {
    for (let entry = this.#ended.peek(); entry !== undefined && entry.expiresAt <= now; entry = this.#ended.peek()) {
      this.#ended.shift()
      this.#done.delete(entry.name)
      if (entry === this.#kept.peek()) this.#dropOldest()
      this.#giveBack(entry)
    }
  }

  #giveBack({ owner }: Entry): void {
    const held = this.#keysOf.get(owner) ?? 0
    if (held > 1) this.#keysOf.set(owner, held - 1)
    else this.#keysOf.delete(owner)
  }
}

/** Of one size, however long the key is that a stranger chose. */
function nameOf({ scope, path, key }: IdempotencyKey): string {
  return sha256(JSON.stringify([scope, path, key]))
}

/** Clients without a principal may have any number of scopes, so they count as one. */
function ownerOf({ scope }: IdempotencyKey): string {
  return isAnonymousScope(scope) ? '' : scope
}
