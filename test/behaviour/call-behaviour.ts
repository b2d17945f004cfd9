import { connectionOf } from '@hotline/client'
import { isErrorOf } from '@hotline/core'
import { describe, expect, test } from 'vitest'
import type { Adapter } from './adapter.ts'
import { THROWN_NAMES } from './behaviour-router.ts'
import { eventually, stage } from './stage.ts'

/** What holds of calls. */
export function callBehaviour(adapter: Adapter): void {
  describe('a call', () => {
    test('gives what its handler returns, for values that JSON alone would change', async () => {
      await using on = await stage(adapter)
      const value = {
        at: new Date(1e12),
        many: new Map([['a', new Set([1n])]]),
        none: undefined,
        text: 'naïve \u{1F600}',
      }
      expect(await on.connect().echo(value)).toEqual(value)
    })

    test('A30: may have a value that looks like a message, a frame or an id', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      for (const value of ['[1,0,["result",1]]', ['result', 1], 1, ['bye'], { again: 1 }, '1']) {
        expect(await client.echo(value)).toEqual(value)
      }
    })

    test('D11: gets its own result, whatever the order in which 2,000 of them end', async () => {
      await using on = await stage(adapter, { limits: { maxCalls: 2_000 } })
      const client = on.connect()
      const inputs = Array.from({ length: 2_000 }, (_, input) => input)
      const results = await Promise.all(inputs.map((input) => client.double(input)))
      expect(results).toEqual(inputs.map((input) => input * 2))
    })

    test('carries headers', async () => {
      await using on = await stage(adapter)
      expect(await on.connect().header('tenant', { headers: { tenant: 'acme' } })).toBe('acme')
    })

    test('rejects at once when its signal aborts, and aborts its handler', async () => {
      await using on = await stage(adapter)
      const controller = new AbortController()
      const call = on.connect().wait('a', { signal: controller.signal })
      await eventually(() => expect(on.witness.runs).toEqual(['a']))
      controller.abort()
      await expect(call).rejects.toMatchObject({ code: 'CANCELLED', mayHaveRun: true })
      await eventually(() => expect(on.witness.aborts).toEqual(['CANCELLED']))
    })

    test('D10: ends by its deadline on both ends', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      // The line is open: on a busy machine that alone may take longer.
      await client.note('a')
      await expect(client.wait('a', { timeoutMs: 30 })).rejects.toMatchObject({ code: 'TIMEOUT', mayHaveRun: true })
      await eventually(() => expect(on.witness.aborts).toHaveLength(1))
    })

    test('D16: sends nothing when its signal has aborted before', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      const call = client.note('a', { signal: AbortSignal.abort() })
      await expect(call).rejects.toMatchObject({ code: 'CANCELLED', mayHaveRun: false })
      expect(connectionOf(client).state.name).toBe('idle')
      expect(await client.note('b')).toBe(1)
    })

    test('gets a declared error with its data', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      const error = await client.refuse().catch((thrown: unknown) => thrown)
      expect(isErrorOf(client.refuse, error, 'LIST_FULL') && error.data).toEqual({ max: 3 })
    })

    test('with bad input, or of an unknown path, never runs', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      // Both are what the types forbid.
      await expect(client.note(1 as never)).rejects.toMatchObject({ code: 'BAD_INPUT', mayHaveRun: false })
      const nowhere = (client as unknown as { nowhere(): Promise<void> }).nowhere()
      await expect(nowhere).rejects.toMatchObject({ code: 'NOT_FOUND', mayHaveRun: false })
      expect(on.witness.runs).toEqual([])
    })

    test('A20: fails alone when what it gives or is given cannot be encoded', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      const calls = [client.echo(1), client.unencodable(), client.echo(() => {}), client.echo(2)]
      const [first, result, input, last] = await Promise.allSettled(calls)
      expect([first, last]).toMatchObject([{ value: 1 }, { value: 2 }])
      expect(result).toMatchObject({
        reason: { code: expect.stringMatching(/INTERNAL|NOT_ENCODABLE/), mayHaveRun: true },
      })
      expect(input).toMatchObject({ reason: { code: 'NOT_ENCODABLE', mayHaveRun: false } })
    })

    test.each(THROWN_NAMES)('D12: gets INTERNAL when its handler throws something odd (%s)', async (name) => {
      await using on = await stage(adapter)
      const client = on.connect()
      await expect(client.throwing(name)).rejects.toMatchObject({ code: 'INTERNAL', data: { id: expect.any(String) } })
      expect(await client.echo('alive')).toBe('alive')
      expect(on.failures).toMatchObject([{ path: 'throwing' }])
    })

    test('D15: gets INTERNAL when the output does not fit its schema', async () => {
      await using on = await stage(adapter)
      await expect(on.connect().badOutput()).rejects.toMatchObject({ code: 'INTERNAL', mayHaveRun: true })
      expect(on.failures).toMatchObject([{ path: 'badOutput' }])
    })
  })
}
