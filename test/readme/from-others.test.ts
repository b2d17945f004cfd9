import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { Server as HttpServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectionOf } from '@hotline/client'
import type { Server } from '@hotline/server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { freePort } from '../fixture/free-port.ts'
import { fencedBlocks } from './markdown.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')
/** Where the benchmarks have the other libraries, in a lock of their own. */
const peers = join(root, 'bench/peers')
const documents = ['docs/from-trpc.md', 'docs/from-socket-io.md', 'docs/from-fetch.md']

/** Compiling takes seconds, and more where other work has the machine. */
const TIMEOUT_MS = 60_000

interface Todo {
  readonly title: string
  readonly addedBy: string
  readonly addedAt: Date
}

/** What the pages' `client/todos.ts` exports. */
interface ClientModule {
  readonly api: object
  add(title: string): Promise<string>
  watch(show: (todos: readonly Todo[]) => void): Promise<void>
}

beforeAll(() => {
  if (process.env.CI !== 'true' || existsSync(join(peers, 'node_modules'))) return
  // What npm tells the scripts that it runs would lead this one back to the root.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_config_(workspaces?|local_prefix|prefix)$/i.test(name)),
  )
  const { status } = spawnSync('npm', ['ci'], { cwd: peers, env, shell: process.platform === 'win32' })
  if (status !== 0) throw new Error('npm ci failed in bench/peers.')
}, TIMEOUT_MS)

describe.each(documents)('%s', { timeout: TIMEOUT_MS }, (document) => {
  const blocks = fencedBlocks(readFileSync(root + document, 'utf8'), 'ts')
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hotline-from-'))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('shows code of the other library that compiles', (context) => {
    if (process.env.CI !== 'true' && !existsSync(join(peers, 'node_modules')))
      context.skip('The other libraries are not installed: npm ci --prefix bench/peers')
    for (const block of blocks) write(nameOf(block), block)
    symlinkSync(join(peers, 'node_modules'), join(folder, 'before/node_modules'), 'junction')
    expect(compileBefore()).toBe('')
    write(
      'before/client.ts',
      readFileSync(join(folder, 'before/client.ts'), 'utf8').replace('.max}', '.most}').replace('{max}', '{most}'),
    )
    expect(compileBefore()).toMatch(/before\/client\.ts.*'most'/)
  })

  test('shows code of Hotline that does what it says', async () => {
    const port = await freePort()
    for (const block of blocks.filter((each) => !nameOf(each).startsWith('before/')))
      write(
        nameOf(block),
        block.replaceAll('3000', String(port)).replace("'/rpc' })", `'ws://localhost:${port}/rpc' })`),
      )
    vi.stubGlobal('WebSocket', PageSocket)
    // The page's own files, whose types are compiled with the other pages.
    const { server, http } = (await import(join(folder, 'server/todos.ts'))) as { server: Server; http?: HttpServer }
    const { api, add, watch } = (await import(join(folder, 'client/todos.ts'))) as ClientModule
    const seen: (readonly Todo[])[] = []
    const end = watch((todos) => void seen.push(todos)).catch(() => 'over')
    await expect.poll(() => seen).toEqual([[]])

    expect(await add('milk')).toBe('Added milk.')
    await expect.poll(() => seen.at(-1)).toMatchObject([{ title: 'milk', addedBy: 'ann', addedAt: expect.any(Date) }])
    for (let count = 1; count < 100; count++) await add('bread')
    expect(await add('eggs')).toBe('The list holds 100.')
    await expect.poll(() => seen.at(-1)?.length).toBe(100)

    connectionOf(api).close()
    expect(await end).toBe('over')
    await server.close()
    http?.closeAllConnections()
    http?.close()
  })

  function write(path: string, text: string): void {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  /** What the compiler says of the other library's programs, as a project of their own for Node and browsers. */
  function compileBefore(): string {
    const compilerOptions = { noEmit: true, lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'] }
    const options = { extends: join(root, 'tsconfig.base.json'), compilerOptions, include: ['before'] }
    write('package.json', JSON.stringify({ type: 'module' }))
    write('tsconfig.json', JSON.stringify(options))
    return spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: folder, encoding: 'utf8' }).stdout
  }
})

afterAll(() => void vi.unstubAllGlobals())

/** A browser's WebSocket, as a page of the server's own site has it: with the site's cookie. */
class PageSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    const origin = new URL(url).origin.replace('ws', 'http')
    super(url, protocols, { headers: { cookie: 'session=secret-of-ann', origin } })
  }
}

function nameOf(block: string): string {
  return /^\/\/ (\S+\.ts)\n/.exec(block)?.[1] ?? 'nameless.ts'
}
