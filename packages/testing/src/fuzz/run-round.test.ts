import { Alarms, ProcedureTable, StreamReader, superjsonCodec } from '@hotline/core/internal'
import { ConnectionPool, ServerSession } from '@hotline/server/internal'
import { afterEach, describe, expect, test } from 'vitest'
import { clientFrames } from './client-targets.ts'
import { serverGuarded, serverOpen } from './door-targets.ts'
import { shown } from './input.ts'
import type { RoundReport } from './round.ts'
import { runRound } from './run-round.ts'
import { serverBytes, serverFrames } from './server-targets.ts'
import type { Target } from './target.ts'
import { TARGETS } from './targets.ts'
import { decode, encode } from './value-targets.ts'

/** Many rounds, on a machine that may be busy. */
const PATIENCE_MS = 60_000

const undo: (() => void)[] = []
afterEach(() => {
  for (const restore of undo.splice(0).reverse()) restore()
})

/** Makes a method of every instance another one, which gets the true one. */
function replace<Machine extends object, Name extends keyof Machine>(
  machine: Machine,
  name: Name,
  make: (original: Machine[Name]) => Machine[Name],
): void {
  const original = machine[name]
  machine[name] = make(original)
  undo.push(() => {
    machine[name] = original
  })
}

/** The first round, from seed 1 on, in which this breaks. */
async function firstCrash(target: Target, what: RegExp): Promise<RoundReport | undefined> {
  for (let seed = 1; seed <= 200; seed++) {
    const report = await runRound(target, seed)
    if (report.crashes.some((crash) => what.test(crash.what))) return report
  }
  return undefined
}

async function traceOf(target: Target, seed: number): Promise<string[]> {
  const lines: string[] = []
  await runRound(target, seed, { trace: (line) => lines.push(line) })
  return lines
}

/** A round but for how long things took. */
function withoutTimes({ blockedMs: _, inputs, ...report }: RoundReport): object {
  return { ...report, inputs: inputs.map(shown) }
}

describe('a round', () => {
  test('times what an input sets off, at once and later, and not what the target does with it', async () => {
    const work = (ms: number) => {
      for (const until = performance.now() + ms; performance.now() < until; );
    }
    const target: Target = {
      name: 'slow in itself',
      async run(round) {
        round.give('at once', () => work(10))
        round.give('later', () => queueMicrotask(() => work(20)))
        work(400)
        await round.settle()
      },
    }
    const [atOnce = 0, later = 0] = (await runRound(target, 1)).blockedMs
    expect(atOnce).toBeGreaterThanOrEqual(10)
    expect(later).toBeGreaterThanOrEqual(20)
    expect(later).toBeLessThan(400)
  })

  test.each(TARGETS)(
    'of $name is the same again from its seed, to the last line, whether it is traced or not',
    async (target) => {
      for (const seed of [3, 42]) {
        const trace = await traceOf(target, seed)
        expect(trace.filter((line) => line.startsWith('input')).length).toBeGreaterThan(10)
        expect(await traceOf(target, seed)).toEqual(trace)
        const [one, other] = [await runRound(target, seed), await runRound(target, seed, { trace: () => {} })]
        expect(withoutTimes(other)).toEqual(withoutTimes(one))
      }
    },
    PATIENCE_MS,
  )

  test.each(TARGETS.filter(({ name }) => name !== 'encode'))(
    'of $name breaks nothing, for 40 seeds',
    async (target) => {
      for (let seed = 1; seed <= 40; seed++) expect((await runRound(target, seed)).crashes).toEqual([])
    },
    PATIENCE_MS,
  )
})

describe('the fuzzer catches it when', { timeout: PATIENCE_MS }, () => {
  test('an entry point throws for some input', async () => {
    replace(
      ConnectionPool.prototype,
      'accept',
      (accept) =>
        function (this: ConnectionPool, socket, request) {
          const listener = accept.call(this, socket, request)
          return {
            closed: (code, reason) => listener.closed(code, reason),
            end: (close, reason) => listener.end(close, reason),
            message: (frame) => {
              if (typeof frame !== 'string') throw new RangeError('no bytes here')
              listener.message(frame)
            },
          }
        },
    )
    const report = await firstCrash(serverBytes, /no bytes here/)
    expect(report?.crashes[0]?.what).toContain('no bytes here')
    expect(report?.crashes[0]?.input).toMatch(/^\d+ bytes [0-9a-f]*$/)
    const again = await runRound(serverBytes, report?.seed ?? 0)
    expect(again.crashes.map(({ input }) => input)).toEqual(report?.crashes.map(({ input }) => input))
  })

  test('a handler runs for somebody who was not let in', async () => {
    await expectCrash(serverFrames, /ran for somebody who was not let in/, () =>
      replace(
        ServerSession.prototype,
        'claim',
        (claim) =>
          function (this: ServerSession, connection, granted) {
            return claim.call(this, connection, { ...granted, context: {} })
          },
      ),
    )
  })

  test.each([serverGuarded, serverOpen])(
    'a handler runs for somebody whose greeting was not answered: $name',
    async (target) => {
      await expectCrash(target, /ran for somebody whose greeting was not answered/, () =>
        replace(
          ConnectionPool.prototype,
          'accept',
          (accept) =>
            function (this: ConnectionPool, socket, request) {
              const send = (frame: string | Uint8Array) => !String(frame).includes('"welcome"') && socket.send(frame)
              return accept.call(this, { ...socket, send }, request)
            },
        ),
      )
    },
  )

  test('somebody who was revoked goes on', async () => {
    await expectCrash(serverGuarded, /ran for somebody who was not let in, or not any more/, () =>
      replace(ConnectionPool.prototype, 'revoke', () => () => {}),
    )
  })

  test('credentials hold for longer than they were given for', async () => {
    await expectCrash(serverGuarded, /ran for somebody whose credentials had run out/, () =>
      replace(
        Alarms.prototype,
        'set',
        (set) =>
          function (this: Alarms, sleeper, at) {
            set.call(this, sleeper, at + 5_000)
          },
      ),
    )
  })

  test('a handler runs with an input that its schema refuses', async () => {
    await expectCrash(serverFrames, /ran with an input that its schema refuses/, () =>
      replace(
        ProcedureTable.prototype,
        'find',
        (find) =>
          function (this: ProcedureTable, path) {
            const found = find.call(this, path)
            if (found === undefined || found instanceof Promise) return found
            return Object.create(found, { definition: { value: { ...found.definition, input: undefined } } })
          },
      ),
    )
  })

  test('a promise is left to reject by itself', async () => {
    await expectCrash(decode, /a rejection was not handled/, () =>
      replace(superjsonCodec, 'decode', (original) => (json, meta) => {
        if (Array.isArray(json) && json.length === 3) void Promise.reject(new Error('three'))
        return original(json, meta)
      }),
    )
  })

  test('a connection is never let go', async () => {
    await expectCrash(serverFrames, /\d+ connections are left/, () =>
      replace(ConnectionPool.prototype, 'closed', () => () => {}),
    )
  })

  test('a decoded value adds to what all objects inherit', async () => {
    undo.push(() => Reflect.deleteProperty(Object.prototype, 'polluted'))
    await expectCrash(decode, /Object.prototype is polluted/, () =>
      replace(superjsonCodec, 'decode', () => (json) => {
        Object.defineProperty(Object.prototype, 'polluted', { value: json, configurable: true })
        return json
      }),
    )
  })

  test('a short text becomes a large value', async () => {
    await expectCrash(decode, /takes more than/, () =>
      replace(superjsonCodec, 'decode', () => () => new Uint8Array(1_000_000)),
    )
  })

  test('a value comes back as another one', async () => {
    await expectCrash(encode, /came back as another value/, () =>
      replace(superjsonCodec, 'encode', (original) => (value) => original(value === null ? 0 : value)),
    )
  })

  test('a client throws at what a server says', async () => {
    await expectCrash(clientFrames, /the client failed: no items/, () =>
      replace(StreamReader.prototype, 'push', () => () => {
        throw new Error('no items')
      }),
    )
  })
})

async function expectCrash(target: Target, what: RegExp, breakIt: () => void): Promise<void> {
  breakIt()
  expect(await firstCrash(target, what)).toBeDefined()
}
