import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { Logger } from './logger.ts'
import { printableLogger } from './printable-logger.ts'

function recording() {
  const lines: { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[] = []
  const keep = (fields: object, message: string) => void lines.push({ fields: { ...fields }, message })
  const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep }
  return { lines, logger: printableLogger(logger) }
}

describe('a logger', () => {
  it('X33: gets whatever a stranger chose on one line and without orders to a terminal', () => {
    const text = fc.string({ unit: 'binary', size: 'max', maxLength: 60 })
    fc.assert(
      fc.property(text, fc.constantFrom('debug', 'info', 'warn', 'error'), (chosen, level) => {
        const { lines, logger } = recording()
        const err = Object.assign(new Error(chosen), { stack: `Error: ${chosen}\n    at a (b.ts:1:1)` })
        logger[level]({ origin: chosen, count: 1, err }, `refused ${chosen}`)
        const { fields, message } = lines[0] ?? { fields: {}, message: '' }
        const told = fields.err as Error
        for (const shown of [message, String(fields.origin), told.message, told.stack ?? '']) {
          expect(shown.replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cs}]/u)
        }
        expect(`${message}${fields.origin}`).not.toMatch(/[\n\t]/)
        expect(fields.count).toBe(1)
      }),
      { numRuns: 1_000 },
    )
  })

  it('that throws, as one does whose worker has died, ends nothing but its line', () => {
    const thrown = new Error('the worker has exited')
    const fail = () => {
      throw thrown
    }
    const console = vi.spyOn(globalThis.console, 'error').mockImplementation(() => {})
    const logger = printableLogger({ debug: fail, info: fail, warn: fail, error: fail })
    for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]({}, `a line of ${level}`)
    expect(console.mock.calls).toEqual(
      ['debug', 'info', 'warn', 'error'].map((level) => [
        `hotline: the logger threw where it was told: a line of ${level}`,
        { thrown },
      ]),
    )
    console.mockRestore()
  })

  it('that throws loses nothing of what it was told', () => {
    const told = vi.spyOn(globalThis.console, 'error').mockImplementation(() => {})
    const thrown = new Error('the worker has exited')
    const fail = () => {
      throw thrown
    }
    const err = new Error('what it was about')
    printableLogger({ debug: fail, info: fail, warn: fail, error: fail }).error({ err, path: 'a.b' }, 'failed')
    expect(told.mock.calls).toEqual([
      ['hotline: the logger threw where it was told: failed', { err, path: 'a.b', thrown }],
    ])
    told.mockRestore()
  })

  it('that throws what no console can show ends nothing either, whichever level it was', async () => {
    const trap = () => {
      throw new Error('a trap')
    }
    const evil = Object.assign(new Error('deep water'), { [inspect.custom]: trap })
    const lines: string[] = []
    const told = vi.spyOn(globalThis.console, 'error').mockImplementation((...line) => {
      lines.push(line.map((part) => inspect(part)).join(' '))
    })
    const fail = () => {
      throw evil
    }
    const failLater = async () => fail()
    printableLogger({ debug: fail, info: fail, warn: fail, error: fail }).debug({}, 'at once')
    printableLogger({ debug: failLater, info: failLater, warn: failLater, error: failLater }).info({}, 'later')
    // An unhandled rejection fails the run.
    await new Promise((resolve) => setImmediate(resolve))
    told.mockRestore()
    expect(lines).toEqual([expect.stringContaining('at once'), expect.stringContaining('later')])
    expect(lines).toEqual([expect.stringContaining('deep water'), expect.stringContaining('deep water')])
  })

  it('that rejects, as an async one does whose disk is full, ends nothing but its line', async () => {
    const thrown = new Error('the disk is full')
    const fail = () => Promise.reject(thrown)
    const told = vi.spyOn(globalThis.console, 'error').mockImplementation(() => {})
    printableLogger({ debug: fail, info: fail, warn: fail, error: fail }).info({}, 'a line')
    // An unhandled rejection fails the run.
    await new Promise((resolve) => setImmediate(resolve))
    expect(told.mock.calls).toEqual([['hotline: the logger threw where it was told: a line', { thrown }]])
    told.mockRestore()
  })

  it('gets errors as they are where nothing in them is odd', () => {
    const { lines, logger } = recording()
    const err = Object.assign(new Error('plain', { cause: new Error('why') }), { code: 'E1' })
    logger.error({ err }, 'failed')
    expect(lines[0]?.fields.err).toBe(err)
  })

  it('X33: gets errors anew where their causes are odd, or they cannot be read', () => {
    const { lines, logger } = recording()
    const trap = Object.defineProperty(new Error('a'), 'stack', {
      get: () => {
        throw new Error('a trap')
      },
    })
    logger.error({ err: new Error('outer', { cause: new Error('\u001b[2Jinner') }) }, 'failed')
    expect(() => logger.error({ err: trap }, 'failed')).not.toThrow()
    expect(lines[0]?.fields.err).toMatchObject({ message: 'outer', cause: { message: '\\u{1b}[2Jinner' } })
    expect(lines[1]?.fields.err).toEqual(new Error('What was thrown could not be read.'))
  })
})
