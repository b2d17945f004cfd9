import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { BlobLike, Codec } from '../codec/codec.ts'
import { hotline } from '../contract/hotline.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import type { Router } from '../contract/router.ts'
import type { Stream } from '../contract/stream.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { Attached, textOf, Unpacked } from '../protocol/packed.ts'
import { Outbox } from '../session/outbox.ts'
import { Assembly } from './assembly.ts'
import { Caller } from './caller.ts'
import { deliver, type Peer } from './peer.ts'
import { Responder } from './responder.ts'

/** The plainest codec with bytes: a value that is bytes, or a blob, is its only attachment. */
const BYTES: Codec = {
  encode: (value) =>
    value instanceof Uint8Array || isBlob(value)
      ? { json: '{"at":0}', meta: undefined, attachments: [value] }
      : { json: JSON.stringify(value ?? null), meta: undefined },
  encodeInline: (value) => ({
    json: JSON.stringify(value instanceof Uint8Array ? [...value] : (value ?? null)),
    meta: undefined,
  }),
  decode: (json, _, attachments) => (isReference(json) ? attachments?.[json.at] : json),
}

function isBlob(value: unknown): value is BlobLike {
  return typeof value === 'object' && value !== null && 'arrayBuffer' in value
}

function isReference(json: unknown): json is { readonly at: number } {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, 'at')
}

/** A blob that is read when the test says so. */
class SlowBlob implements BlobLike {
  readonly type = ''
  readonly size: number
  #read: (bytes: ArrayBuffer) => void = () => {}
  #fail: (reason: Error) => void = () => {}

  constructor(size: number) {
    this.size = size
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return new Promise((resolve, reject) => {
      this.#read = resolve
      this.#fail = reject
    })
  }

  read(): void {
    this.#read(new Uint8Array(this.size).fill(7).buffer)
  }

  fail(): void {
    this.#fail(new Error('gone'))
  }
}

const h = hotline<object>()

/** Two ends; what one sends, the other gets when the test says so. */
function setUp(router: Router = {}, queueCharacters = 4_000_000) {
  const world = { now: 0, flushes: 0 }
  const end = (firstId: 1 | 2) => {
    const outbox = new Outbox()
    const outlet = {
      outbox,
      isFull: false,
      isAttached: true,
      now: () => world.now,
      flushSoon: () => world.flushes++,
      wakeAt: () => {},
    }
    const peer: Peer = {
      caller: new Caller(outlet, { codec: BYTES, firstId, timeoutMs: 30_000, queueCharacters }),
      responder: new Responder(outlet, firstId === 1 ? 'even' : 'odd', {
        codec: BYTES,
        procedures: new ProcedureTable(router),
        maxCalls: 8,
        maxStreams: 8,
        timeoutMs: 30_000,
        newId: () => 'id',
        report: () => {},
      }),
    }
    return { outbox, peer, assembly: new Assembly() }
  }
  const [client, server] = [end(1), end(2)]
  const carry = (from: typeof client, to: typeof client): number => {
    let carried = 0
    for (let message = from.outbox.take(0, true); message !== undefined; message = from.outbox.take(0, true)) {
      carried++
      const parsed: unknown = JSON.parse(textOf(message))
      const attachments = message instanceof Attached ? [...message.attachments] : undefined
      deliver(to.peer, to, attachments === undefined ? parsed : new Unpacked(parsed, attachments))
    }
    return carried
  }
  return {
    world,
    caller: client.peer.caller,
    responder: server.peer.responder,
    there: () => carry(client, server),
    back: () => carry(server, client),
  }
}

/** What settled promises lead to has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

const bytes = (length: number) => new Uint8Array(length).fill(7)

/** `toEqual` takes its time for a megabyte. */
const isSame = (value: unknown, length: number) =>
  value instanceof Uint8Array && Buffer.compare(value, bytes(length)) === 0

describe('bytes', () => {
  it.each([0, 1, 5_000, PROTOCOL_LIMITS.wholeBytes, 1_000_000])(
    'come as they were, in an input and in a result: %i of them',
    async (length) => {
      const inputs: unknown[] = []
      const { caller, there, back } = setUp({
        echo: h.input(z.unknown()).query(({ input }) => {
          inputs.push(input)
          return input
        }),
      })
      const call = caller.call('echo', bytes(length))
      there()
      back()
      expect(isSame(await call, length)).toBe(true)
    },
  )

  it('come as the items of a stream, in their order', async () => {
    const { caller, there, back } = setUp({
      parts: h.subscription(async function* () {
        yield new Uint8Array([1])
        yield new Blob([new Uint8Array([2])])
        yield 'three'
        yield new Uint8Array([4])
      }),
    })
    const call = caller.call('parts', undefined)
    for (let round = 0; round < 8; round++) {
      there()
      await settled()
      back()
    }
    const items: unknown[] = []
    // A subscription's call gives nothing else.
    for await (const item of (await call) as Stream<unknown, unknown>) items.push(item)
    expect(items).toEqual([new Uint8Array([1]), new Uint8Array([2]), 'three', new Uint8Array([4])])
  })

  it('come as the items that a caller streams in, blobs too', async () => {
    const items: unknown[] = []
    const { caller, there, back } = setUp({
      take: h.items(z.unknown()).mutation(async (call) => {
        for await (const item of call.items) items.push(item)
        return items.length
      }),
    })
    const source = [new Uint8Array([1]), new Blob([new Uint8Array([2])]), bytes(100_000), 'four']
    // Options of a procedure that takes items.
    const options: object = { items: source }
    const call = caller.call('take', undefined, options)
    for (let round = 0; round < 12; round++) {
      there()
      await settled()
      back()
      await settled()
    }
    expect(await call).toBe(4)
    expect(items).toEqual([new Uint8Array([1]), new Uint8Array([2]), bytes(100_000), 'four'])
  })

  it('come with an error, too', async () => {
    const data = new Uint8Array([1, 2])
    const router = {
      fail: h.errors({ BAD: z.unknown() }).query(({ errors }) => {
        throw errors.BAD(data)
      }),
    }
    const { caller, there, back } = setUp(router)
    const call = caller.call('fail', undefined)
    call.catch(() => {})
    there()
    back()
    const error = await call.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'BAD' })
    expect((error as { readonly data: unknown }).data).toEqual(data)
  })

  it('above what a message carries fail their call alone, blobs before they are read', async () => {
    const { caller, there, back } = setUp({ give: h.query(() => bytes(PROTOCOL_LIMITS.messageBytes)) })
    const tooLarge = { code: 'TOO_LARGE', message: expect.stringContaining('`items`'), mayHaveRun: false }
    await expect(caller.call('give', bytes(PROTOCOL_LIMITS.messageBytes))).rejects.toMatchObject(tooLarge)
    await expect(caller.call('give', new SlowBlob(PROTOCOL_LIMITS.messageBytes))).rejects.toMatchObject(tooLarge)
    const call = caller.call('give', undefined)
    there()
    back()
    await expect(call).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('count in what waits to be sent, blobs too', async () => {
    const { caller, there } = setUp({}, 1_000)
    void caller.call('a', bytes(900))
    await expect(caller.call('b', new SlowBlob(100))).rejects.toMatchObject({ code: 'QUEUE_FULL' })
    there()
    const blob = new SlowBlob(900)
    void caller.call('c', blob)
    await expect(caller.call('d', bytes(100))).rejects.toMatchObject({ code: 'QUEUE_FULL' })
  })
})

describe('an item in pieces', () => {
  it('breaks the protocol where it says less than it is: else credit would bound nothing', () => {
    const { caller, there } = setUp()
    void caller.call('items', undefined)
    there()
    const peer: Peer = { caller, responder: setUp().responder }
    const pieces = { assembly: new Assembly() }
    deliver(peer, pieces, ['stream', 1])
    deliver(peer, pieces, ['piece', '["item",1,9,{"at":0}]', false])
    const last = new Unpacked(['piece', '', true, { lengths: [5_000] }], [bytes(5_000)])
    expect(() => deliver(peer, pieces, last)).toThrow('An item of call 1 has 5010 characters and says 9')
  })
})

describe('a call with a blob', () => {
  const echo = h.input(z.unknown()).query(({ input }) => input)

  it('leaves once it is read, and later calls may overtake it', async () => {
    const { caller, there, back } = setUp({ echo })
    const blob = new SlowBlob(3)
    const slow = caller.call('echo', blob)
    const fast = caller.call('echo', 'fast')
    expect(there()).toBe(1)
    blob.read()
    await settled()
    expect(there()).toBe(1)
    back()
    expect(await Promise.all([slow, fast])).toEqual([bytes(3), 'fast'])
  })

  it('fails by name where it cannot be read, and has not run', async () => {
    const { caller, there } = setUp({ echo })
    const blob = new SlowBlob(3)
    const call = caller.call('echo', blob)
    blob.fail()
    await expect(call).rejects.toMatchObject({ code: 'NOT_ENCODABLE', mayHaveRun: false })
    expect([there(), caller.calls.size]).toEqual([0, 0])
  })

  it('is settled by its signal and its deadline while it is read, and then never leaves', async () => {
    const { caller, world, there } = setUp({ echo })
    const blobs = [new SlowBlob(3), new SlowBlob(3)] as const
    const controller = new AbortController()
    const cancelled = caller.call('echo', blobs[0], { signal: controller.signal })
    const late = caller.call('echo', blobs[1], { timeoutMs: 50 })
    controller.abort()
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED', mayHaveRun: false })
    world.now = 50
    caller.sweep(50)
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT', mayHaveRun: false })
    const { flushes } = world
    for (const blob of blobs) blob.read()
    await settled()
    // Nor does it ask for a line.
    expect([there(), caller.calls.size, world.flushes]).toEqual([0, 0, flushes])
  })

  it('goes on into another session while it is read, and leaves once', async () => {
    const { caller, there } = setUp({ echo })
    const blob = new SlowBlob(3)
    void caller.call('echo', blob)
    const outbox = new Outbox()
    caller.restart({ outbox, isFull: false, isAttached: true, now: () => 0, flushSoon: () => {}, wakeAt: () => {} })
    expect(outbox.take(0, true)).toBeUndefined()
    blob.read()
    await settled()
    expect(outbox.take(0, true)).toEqual(new Attached('["call",1,"echo",{"at":0}]', [bytes(3)]))
    expect([outbox.take(0, true), there()]).toEqual([undefined, 0])
  })
})

describe('a result with a blob', () => {
  it('leaves once it is read, whether its handler answered at once or later', async () => {
    const blobs = [new SlowBlob(1), new SlowBlob(2)] as const
    const { caller, responder, there, back } = setUp({
      now: h.query(() => blobs[0]),
      later: h.query(async () => blobs[1]),
    })
    const calls = [caller.call('now', undefined), caller.call('later', undefined)]
    there()
    await settled()
    expect([back(), responder.size]).toEqual([0, 1])
    for (const blob of blobs) blob.read()
    await settled()
    back()
    expect(await Promise.all(calls)).toEqual([bytes(1), bytes(2)])
    expect(responder.size).toBe(0)
  })

  it('that cannot be read is an error of its call', async () => {
    const blobs = [new SlowBlob(1), new SlowBlob(2)] as const
    const { caller, responder, there, back } = setUp({
      now: h.query(() => blobs[0]),
      later: h.query(async () => blobs[1]),
    })
    const calls = [caller.call('now', undefined), caller.call('later', undefined)]
    there()
    await settled()
    for (const blob of blobs) blob.fail()
    await settled()
    back()
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'INTERNAL', mayHaveRun: true })
    expect(responder.size).toBe(0)
  })
})
