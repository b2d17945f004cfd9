import type { IdempotencyKey, IdempotencyState } from '@hotline/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryIdempotencyStore } from './memory-idempotency-store.ts'

const LIMITS = { ttlMs: 100, maxKeys: 6, maxCharacters: 10 }

function keyOf(scope: string, key = 'k'): IdempotencyKey {
  return { scope, path: 'todos.add', key }
}

interface Known {
  readonly key: IdempotencyKey
  readonly inputHash: string
  endedAt: number | undefined
  outcome: string | undefined
}

/** The same by hand, slowly: a list in the order in which runs ended, with those that run behind it. */
class Model {
  #known: Known[] = []

  begin(key: IdempotencyKey, inputHash: string, now: number): IdempotencyState['name'] | string {
    this.#forget(now)
    const known = this.#find(key)
    if (known?.endedAt !== undefined) return `done ${known.inputHash} ${known.outcome}`
    if (known !== undefined) return `running ${known.inputHash}`
    const owner = ownerOf(key)
    const held = this.#known.filter((other) => ownerOf(other.key) === owner).length
    if (held >= LIMITS.maxKeys - this.#known.length) return 'full'
    this.#known.push({ key, inputHash, endedAt: undefined, outcome: undefined })
    return 'claimed'
  }

  finish(key: IdempotencyKey, outcome: string, now: number): void {
    this.#forget(now)
    const known = this.#find(key)
    if (known === undefined || known.endedAt !== undefined) return
    known.endedAt = now
    known.outcome = outcome.length > LIMITS.maxCharacters ? undefined : outcome
    this.#known = [...this.#known.filter((other) => other !== known), known]
    for (const oldest of this.#known) if (this.characters > LIMITS.maxCharacters) oldest.outcome = undefined
  }

  release(key: IdempotencyKey): void {
    this.#known = this.#known.filter((known) => known !== this.#find(key) || known.endedAt !== undefined)
  }

  get characters(): number {
    return this.#known.reduce((sum, { outcome = '' }) => sum + outcome.length, 0)
  }

  #find(key: IdempotencyKey): Known | undefined {
    return this.#known.find((known) => JSON.stringify(known.key) === JSON.stringify(key))
  }

  #forget(now: number): void {
    this.#known = this.#known.filter(({ endedAt }) => endedAt === undefined || now < endedAt + LIMITS.ttlMs)
  }
}

function ownerOf({ scope }: IdempotencyKey): string {
  return scope.startsWith('client:') ? 'client' : scope
}

function wordsOf(state: IdempotencyState | Promise<IdempotencyState>): string {
  if (state instanceof Promise) throw new Error('memory answers at once')
  if (state.name === 'done') return `done ${state.inputHash} ${state.outcome}`
  return state.name === 'running' ? `running ${state.inputHash}` : state.name
}

describe('a store in memory', () => {
  it('knows what a list by hand knows, whatever is begun, finished and released, and however time goes', () => {
    const scope = fc.constantFrom('principal:ann', 'principal:bob', 'client:1', 'client:2')
    const key = fc.record({ scope, path: fc.constantFrom('a', 'b'), key: fc.constantFrom('k', 'l') })
    const command = fc.oneof(
      fc.record({ do: fc.constant('begin' as const), key, text: fc.constantFrom('x', 'y') }),
      fc.record({
        do: fc.constant('finish' as const),
        key,
        text: fc.integer({ min: 0, max: 12 }).map((length) => 'x'.repeat(length)),
      }),
      fc.record({ do: fc.constant('release' as const), key, text: fc.constant('') }),
    )
    const step = fc.record({ command, passMs: fc.integer({ min: 0, max: 40 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const store = memoryIdempotencyStore(LIMITS)
        const model = new Model()
        let now = 0
        for (const { command, passMs } of steps) {
          now += passMs
          if (command.do === 'release') {
            store.release(command.key)
            model.release(command.key)
          } else if (command.do === 'finish') {
            store.finish(command.key, command.text, now)
            model.finish(command.key, command.text, now)
          } else {
            const known = wordsOf(store.begin(command.key, command.text, now))
            expect(known).toBe(model.begin(command.key, command.text, now))
          }
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('says when a key will be free: when the oldest expires, or soon where all still run', () => {
    const store = memoryIdempotencyStore({ ...LIMITS, maxKeys: 2 })
    store.begin(keyOf('principal:ann'), 'x', 0)
    expect(store.begin(keyOf('principal:ann', 'l'), 'x', 10)).toEqual({ name: 'full', retryAfterMs: 1_000 })
    store.finish(keyOf('principal:ann'), 'done', 20)
    expect(store.begin(keyOf('principal:ann', 'l'), 'x', 50)).toEqual({ name: 'full', retryAfterMs: 70 })
    expect(store.begin(keyOf('principal:ann', 'l'), 'x', 120)).toEqual({ name: 'claimed' })
  })

  it('leaves room for others where one principal, or strangers under many names, take all they get', () => {
    for (const greedy of [() => 'principal:greedy', (index: number) => `client:${index}`]) {
      const store = memoryIdempotencyStore({ maxKeys: 100 })
      for (let index = 0; index < 200; index++) store.begin(keyOf(greedy(index), `k${index}`), 'x', 0)
      expect(store.begin(keyOf(greedy(500), 'last'), 'x', 0)).toMatchObject({ name: 'full' })
      for (let index = 0; index < 25; index++) {
        expect(store.begin(keyOf('principal:ann', `k${index}`), 'x', 0)).toEqual({ name: 'claimed' })
      }
    }
  })

  it('forgets a run never, however long it takes', () => {
    const store = memoryIdempotencyStore(LIMITS)
    store.begin(keyOf('principal:ann'), 'x', 0)
    expect(store.begin(keyOf('principal:ann'), 'x', 1_000_000)).toEqual({ name: 'running', inputHash: 'x' })
  })
})

describe('the bounds of a store in memory', () => {
  it.each([
    [{ ttlMs: Number.NaN }, '"ttlMs" is NaN: give a number above 0.'],
    [{ ttlMs: 0 }, '"ttlMs" is 0: give a number above 0.'],
    [{ ttlMs: '1h' as never }, '"ttlMs" is 1h: give a number above 0.'],
    [{ maxKeys: Number.NaN }, '"maxKeys" is NaN: give a number from 0.'],
    [{ maxCharacters: -1 }, '"maxCharacters" is -1: give a number from 0.'],
  ])('are no %j: keys would be forgotten at once, or never', (options, message) => {
    expect(() => memoryIdempotencyStore(options)).toThrow(new TypeError(message))
  })

  it('may be endless, and there may be no room for outcomes', () => {
    const endless = Number.POSITIVE_INFINITY
    expect(() => memoryIdempotencyStore({ ttlMs: endless, maxKeys: endless, maxCharacters: 0 })).not.toThrow()
  })
})
