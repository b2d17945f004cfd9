import { connectionOf } from '@hotline/client'
import { describe, expect, test } from 'vitest'
import type { Adapter } from './adapter.ts'
import { eventually, stage } from './stage.ts'

/** Bytes that no two places have alike. */
function bytes(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => index * 7 + (index >> 8))
}

/** `toEqual` takes its time for a megabyte. */
function isSame(value: unknown, expected: Uint8Array): boolean {
  return value instanceof Uint8Array && !Buffer.isBuffer(value) && Buffer.compare(value, expected) === 0
}

/** What holds of values that carry bytes. */
export function bytesBehaviour(adapter: Adapter): void {
  describe('bytes', () => {
    test.each([0, 1, 4_096, 40_000, 1_000_000])('come and go as they are: %i of them', async (length) => {
      await using on = await stage(adapter)
      expect(isSame(await on.connect().echo(bytes(length)), bytes(length))).toBe(true)
    })

    test('stand anywhere in a value, beside what JSON has and hasn\u0027t', async () => {
      await using on = await stage(adapter)
      const value = {
        at: new Date(1e12),
        list: [bytes(3), 'text', bytes(0)],
        many: new Map([['a', new Float64Array([0.5, -1])]]),
        buffer: bytes(5).buffer,
        view: new DataView(bytes(9).buffer, 1, 7),
      }
      expect(await on.connect().echo(value)).toEqual(value)
    })

    test('of blobs are read before their call leaves, and later calls may overtake it', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      const blob = new Blob([bytes(70_000)], { type: 'image/png' })
      const [echoed, other] = await Promise.all([client.echo({ blob }), client.echo('text')])
      const { blob: received } = echoed as { readonly blob: Blob }
      expect([received.type, other]).toEqual(['image/png', 'text'])
      expect(isSame(new Uint8Array(await received.arrayBuffer()), bytes(70_000))).toBe(true)
    })

    test('and blobs stand in what an error carries, too', async () => {
      await using on = await stage(adapter)
      const photo = new File([bytes(50_000)], 'cat.png', { type: 'image/png', lastModified: 5 })
      const error = await on
        .connect()
        .rejecting({ photo, head: bytes(8) })
        .catch((thrown: unknown) => thrown)
      const { code, data } = error as {
        readonly code: string
        readonly data: { readonly photo: File; readonly head: unknown }
      }
      expect([code, data.photo.name, data.photo.type, data.photo.lastModified]).toEqual([
        'BAD_PHOTO',
        'cat.png',
        'image/png',
        5,
      ])
      expect(isSame(new Uint8Array(await data.photo.arrayBuffer()), bytes(50_000))).toBe(true)
      expect(isSame(data.head, bytes(8))).toBe(true)
    })

    test('travel with many other calls in one turn, each with its own', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      const inputs = Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? index : bytes(index * 50)))
      const results = await Promise.all(inputs.map((input) => client.echo(input)))
      results.forEach((result, index) => {
        const input = inputs[index]
        expect(input instanceof Uint8Array ? isSame(result, input) : result === input).toBe(true)
      })
    })

    test('are the copies of the moment of the call, whatever becomes of the original', async () => {
      await using on = await stage(adapter)
      const mine = bytes(10)
      const call = on.connect().echo(mine)
      mine.fill(0)
      expect(isSame(await call, bytes(10))).toBe(true)
    })

    test('go on across a cut, once and whole', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      await client.echo('there')
      const calls = Array.from({ length: 8 }, (_, index) => client.echo(bytes(60_000 + index)))
      const settled = Promise.all(calls)
      // The first of them are under way.
      await new Promise(setImmediate)
      on.server.cut()
      const results = await settled
      results.forEach((result, index) => {
        expect(isSame(result, bytes(60_000 + index))).toBe(true)
      })
      await eventually(() => expect(connectionOf(client).state.name).toBe('open'))
    })

    test('that are too many fail their call alone', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      const refused = { code: 'TOO_LARGE', mayHaveRun: false, message: expect.stringContaining('`items`') }
      await expect(client.echo(bytes(1_100_000))).rejects.toMatchObject(refused)
      await expect(client.echo(new Blob([bytes(1_100_000)]))).rejects.toMatchObject(refused)
      expect(await client.echo('alive')).toBe('alive')
    })

    test('come beside a declared error', async () => {
      await using on = await stage(adapter)
      const error = await on
        .connect()
        .refuseBytes(bytes(5))
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'BAD_BYTES', data: bytes(5) })
    })
  })
}
