import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectionOf, createClient, safe } from '@hotline/client'
import {
  type AuthenticateCall,
  type Client,
  createCaller,
  HotlineError,
  type Procedure,
  type Router,
  type Server,
  type Stream,
  serve,
} from '@hotline/server'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { fencedBlocks } from './markdown.ts'

// The page's code itself, as files: its types are checked where all pages are compiled, and said again here where needed.

interface Note {
  readonly id: string
  readonly owner: string
  readonly text: string
}
interface NotesApi {
  readonly read: Procedure<(input: { id: string }) => Promise<Note>>
  readonly remove: Procedure<(input: { id: string }) => Promise<void>>
  readonly changes: Procedure<() => Promise<Stream<Note>>>
}
interface AccountApi {
  readonly signIn: Procedure<(input: { name: string }) => Promise<string>>
}

const root = fileURLToPath(new URL('../../', import.meta.url))
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotline-authorization-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  for (const block of fencedBlocks(readFileSync(join(root, 'docs/authorization.md'), 'utf8'), 'ts')) {
    const file = join(folder, /^\/\/ (\S+\.ts)\n/.exec(block)?.[1] ?? 'nameless.ts')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, block)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const ann = { id: 'ann', roles: ['reader'] }
const bob = { id: 'bob', roles: ['reader', 'editor'] }
const NOTES: readonly Note[] = [
  { id: 'a', owner: 'ann', text: 'of ann' },
  { id: 'b', owner: 'bob', text: 'of bob' },
]

function database() {
  const members = new Set(['ann', 'bob'])
  const removed: string[] = []
  return {
    members,
    removed,
    find: async (id: string) => NOTES.find((note) => note.id === id),
    remove: async (id: string) => void removed.push(id),
    isMember: async (id: string) => members.has(id),
    async *changes(signal: AbortSignal) {
      yield* NOTES
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
  }
}

/** What a file of the page exports. */
async function load<Exports>(file: string): Promise<Exports> {
  // The page's own types, said again above.
  return (await import(join(folder, 'server', file))) as Exports
}

async function callerOf(user: object | null, db = database()): Promise<Client<NotesApi>> {
  const { notes } = await load<{ notes: Router }>('notes.ts')
  // The router was loaded without its types.
  return createCaller(notes as never, { user, db } as never) as Client<NotesApi>
}

describe('the code of docs/authorization.md', () => {
  test('refuses those who are not signed in, before anything else', async () => {
    const stranger = await callerOf(null)
    const nothing = {} as { id: string }
    expect(await safe(stranger.read(nothing))).toMatchObject({ error: { code: 'UNAUTHORIZED', mayHaveRun: false } })
    const { refusesStrangers } = await load<{ refusesStrangers(db: object): Promise<boolean> }>('notes.test.ts')
    expect(await refusesStrangers(database())).toBe(true)
  })

  test('refuses those without the role', async () => {
    const db = database()
    expect(await safe((await callerOf(ann, db)).remove({ id: 'b' }))).toMatchObject({ error: { code: 'FORBIDDEN' } })
    await (await callerOf(bob, db)).remove({ id: 'b' })
    expect(db.removed).toEqual(['b'])
  })

  test('answers for rows that must not be known as for those that are not there', async () => {
    const api = await callerOf(ann)
    expect(await api.read({ id: 'a' })).toMatchObject({ text: 'of ann' })
    const replies = await Promise.all(['b', 'nothing'].map((id) => safe(api.read({ id }))))
    const told = replies.map((reply) => (reply.ok ? 'a note' : `${reply.error.code} ${reply.error.message}`))
    expect(told[0]).toMatch(/^NOT_FOUND /)
    expect(told[0]).toBe(told[1])
  })

  test('asks a database once for all who ask in a turn, and anew in the next', async () => {
    const { isMember } = await load<{ isMember(db: object, userId: string): Promise<boolean> }>('membership.ts')
    const members = new Set(['ann'])
    const asked: string[] = []
    const db = {
      async isMember(id: string) {
        asked.push(id)
        return members.has(id)
      },
    }
    expect(await Promise.all(['ann', 'bob', 'ann'].map((id) => isMember(db, id)))).toEqual([true, false, true])
    members.delete('ann')
    expect(await isMember(db, 'ann')).toBe(false)
    expect(asked).toEqual(['ann', 'bob', 'ann'])
  })

  test('ends the streams of those who are no member any more, and gives each reader its own rows', async () => {
    const db = database()
    const { notes } = await load<{ notes: Router }>('notes.ts')
    const { memberChanged } = await load<{
      memberChanged(server: Server, change: { id: string; isBanned: boolean }): void
    }>('members.ts')
    const banned = new Set<string>()
    const authenticate = ({ auth }: AuthenticateCall) => {
      const user = [ann, bob].find(({ id }) => id === auth)
      if (user === undefined || banned.has(user.id)) throw new HotlineError('FORBIDDEN')
      return { principal: user.id, context: { user, db } }
    }
    const logger = { debug() {}, info() {}, warn() {}, error() {} }
    // The router was loaded without its types.
    const server = await serve(notes as never, { port: 0, authenticate, logger } as never)
    const url = `ws://127.0.0.1:${(server as Server).port}/rpc`
    const connect = (name: string) => {
      const client = createClient<NotesApi>({ url, WebSocket, auth: () => name })
      closers.push(() => connectionOf(client).close())
      return client
    }
    closers.push(() => (server as Server).close())
    const seen: string[] = []
    const changes = await connect('ann').changes()
    const end = (async () => {
      for await (const note of changes) seen.push(note.text)
    })().catch((error: unknown) => error)
    const bobs = connect('bob')
    const others = await bobs.changes()

    db.members.delete('ann')
    memberChanged(server as Server, { id: 'ann', isBanned: false })
    expect(await end).toMatchObject({ code: 'FORBIDDEN' })
    expect(seen).toEqual(['of ann'])

    banned.add('bob')
    memberChanged(server as Server, { id: 'bob', isBanned: true })
    await expect(others.result).rejects.toMatchObject({ code: 'SESSION_LOST' })
    expect(connectionOf(bobs).state.name).toBe('closed')
  })

  test('counts who guesses by the address', async () => {
    const { account } = await load<{ account: Router }>('sign-in.ts')
    // The router was loaded without its types.
    const api = createCaller(account as never, {} as never, { address: '192.0.2.1' }) as Client<AccountApi>
    for (let guess = 0; guess < 5; guess++) await api.signIn({ name: 'ann' })
    const reply = await safe(api.signIn({ name: 'ann' }))
    expect(reply).toMatchObject({ error: { code: 'TOO_MANY_REQUESTS', data: { retryAfterMs: expect.any(Number) } } })
  })
})
