import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { createTestPair, type TestPair } from '@hotline/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LIMITS } from '../shared/limits.ts'
import type { Person } from '../shared/model.ts'
import { api } from './api.ts'
import { LoadMeter } from './load-meter.ts'
import { Presence } from './presence.ts'
import { Board } from './store/board.ts'
import type { Database } from './store/database.ts'
import { lastEvent } from './store/events.ts'
import { openDatabase } from './store/open-database.ts'

const stage: Person = { id: randomUUID(), name: 'Stage' }
const CHUNK = 65_536

let database: Database
let board: Board
let pair: TestPair<typeof api>
let task: string

beforeAll(async () => {
  database = await openDatabase()
  board = await Board.on(database)
}, 30_000)

afterAll(() => board.close())

beforeEach(async () => {
  await database.exec('truncate lists, tasks, messages, events, keys restart identity cascade')
  pair = createTestPair(api, { context: { user: stage, board, presence: new Presence(), load: new LoadMeter() } })
  const list = randomUUID()
  task = randomUUID()
  await pair.client.lists.add({ list, name: 'To do' })
  await pair.client.tasks.add({ task, list, title: 'Poster' })
})

afterEach(() => pair.close())

function chunksOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, at) => bytes.slice(at * CHUNK, (at + 1) * CHUNK))
}

function describeFile(size: number) {
  return { file: randomUUID(), task, name: 'draft.bin', type: '', size }
}

async function read(file: string): Promise<Buffer> {
  const chunks = []
  for await (const chunk of await pair.client.files.read({ file })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function filesShown() {
  return (await pair.client.lists.all()).lists[0]?.tasks[0]?.files
}

async function chunksKept(): Promise<number> {
  const { rows } = await database.query<{ kept: number }>('select count(*)::integer as kept from chunks')
  return rows[0]?.kept ?? -1
}

describe('a file', () => {
  it('comes back byte for byte, and its task shows it', async () => {
    const bytes = new Uint8Array(randomBytes(CHUNK * 5 + 321))
    const input = describeFile(bytes.length)
    await pair.client.files.add(input, { items: chunksOf(bytes) })
    expect(hash(await read(input.file))).toBe(hash(bytes))
    expect(await filesShown()).toEqual([{ id: input.file, name: 'draft.bin', type: '', size: bytes.length }])
  })

  it('may be empty', async () => {
    const input = describeFile(0)
    await pair.client.files.add(input, { items: [] })
    expect((await read(input.file)).length).toBe(0)
    expect(await filesShown()).toHaveLength(1)
  })

  it('goes on after a cut, in both directions', async () => {
    const bytes = new Uint8Array(randomBytes(CHUNK * 8))
    const input = describeFile(bytes.length)
    async function* cutHalfWay() {
      for (const [number, chunk] of chunksOf(bytes).entries()) {
        if (number === 4) pair.cut()
        yield chunk
      }
    }
    await pair.client.files.add(input, { items: cutHalfWay() })
    const chunks = []
    for await (const chunk of await pair.client.files.read({ file: input.file })) {
      if (chunks.push(chunk) === 3) pair.cut()
    }
    expect(hash(Buffer.concat(chunks))).toBe(hash(bytes))
  })

  it('sent a second time is there once, with one event', async () => {
    const bytes = new Uint8Array(randomBytes(100))
    const input = describeFile(bytes.length)
    await pair.client.files.add(input, { items: [bytes] })
    const { last } = await pair.client.lists.all()
    expect(await pair.client.files.add(input, { items: [bytes] })).toEqual({ event: last })
    expect(await filesShown()).toHaveLength(1)
    expect(await chunksKept()).toBe(1)
  })

  it('is read to its end from the chunk behind the last one received', async () => {
    const bytes = new Uint8Array(randomBytes(CHUNK * 3))
    const input = describeFile(bytes.length)
    await pair.client.files.add(input, { items: chunksOf(bytes) })
    const stored = await board.openFile(input.file)
    const rest = []
    for await (const chunk of stored?.chunks(1) ?? []) rest.push(chunk.bytes)
    expect(hash(Buffer.concat(rest))).toBe(hash(bytes.subarray(CHUNK)))
  })

  it('goes with its task, bytes and all', async () => {
    const input = describeFile(1)
    await pair.client.files.add(input, { items: [new Uint8Array(1)] })
    await pair.client.tasks.remove({ task })
    await expect(read(input.file)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await chunksKept()).toBe(0)
  })

  it('removed is gone, bytes and all', async () => {
    const input = describeFile(1)
    await pair.client.files.add(input, { items: [new Uint8Array(1)] })
    await pair.client.files.remove({ file: input.file })
    expect(await filesShown()).toEqual([])
    expect(await chunksKept()).toBe(0)
    const { last } = await board.lists()
    expect(await pair.client.files.remove({ file: input.file })).toEqual({ event: last })
  })
})

describe('an upload that does not end well leaves nothing behind:', () => {
  afterEach(async () => {
    await expect.poll(chunksKept).toBe(0)
    const { rows } = await database.query('select 1 from files')
    expect(rows).toEqual([])
    expect(await lastEvent(database)).toBeLessThanOrEqual(3)
  })

  it('one that says it is too large is refused before more than a first chunk is asked for', async () => {
    let asked = 0
    async function* items() {
      for (;;) {
        asked += 1
        yield new Uint8Array(CHUNK)
      }
    }
    const added = pair.client.files.add(describeFile(LIMITS.fileBytes + 1), { items: items() })
    await expect(added).rejects.toMatchObject({ code: 'FILE_TOO_LARGE', data: { max: LIMITS.fileBytes } })
    expect(asked).toBeLessThanOrEqual(1)
  })

  it('one that is larger than it said is refused where it passes the limit', { timeout: 30_000 }, async () => {
    let sent = 0
    const chunk = new Uint8Array(CHUNK * 8)
    async function* items() {
      for (;;) {
        sent += chunk.length
        yield chunk
      }
    }
    const added = pair.client.files.add(describeFile(1), { items: items() })
    await expect(added).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
    expect(sent).toBeLessThan(LIMITS.fileBytes + 4 * chunk.length)
  })

  it('one that is cancelled', async () => {
    const stop = new AbortController()
    async function* items() {
      for (let number = 0; ; number += 1) {
        if (number === 3) stop.abort()
        yield new Uint8Array(CHUNK)
      }
    }
    const added = pair.client.files.add(describeFile(CHUNK * 9), { items: items(), signal: stop.signal })
    await expect(added).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('one whose source fails', async () => {
    async function* items() {
      yield new Uint8Array(CHUNK)
      throw new Error('The file could not be read.')
    }
    const added = pair.client.files.add(describeFile(CHUNK * 9), { items: items() })
    await expect(added).rejects.toMatchObject({ cause: { message: 'The file could not be read.' } })
  })

  it('one whose task is removed in the middle', async () => {
    async function* items() {
      yield new Uint8Array(CHUNK)
      await pair.client.tasks.remove({ task })
      for (;;) yield new Uint8Array(CHUNK)
    }
    const added = pair.client.files.add(describeFile(CHUNK * 9), { items: items() })
    await expect(added).rejects.toMatchObject({ code: 'NOT_FOUND', message: /That task is gone/ })
  })
})
