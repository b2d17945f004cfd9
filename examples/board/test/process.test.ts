import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BoardProcess, freePort, startBoard } from './board-process.mjs'
import { buildBoard } from './build-board.mjs'

describe('the server process', { timeout: 60_000 }, () => {
  let folder: string
  let data: string
  let port: number
  const started: BoardProcess[] = []

  // One folder for all: making a database is what takes the time here.
  beforeAll(async () => {
    buildBoard()
    folder = await mkdtemp(join(tmpdir(), 'board-'))
    data = join(folder, 'board')
  }, 120_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  beforeEach(async () => {
    port = await freePort()
  })

  afterEach(() => Promise.all(started.splice(0).map((board) => board.end('SIGKILL'))))

  async function start(options = { port, data }): Promise<BoardProcess> {
    const board = await startBoard(options)
    started.push(board)
    return board
  }

  it('says where it is, serves the page and nothing else, and ends cleanly', async () => {
    const board = await start()
    expect(board.output).toBe(`Hotline board: http://localhost:${port}\n`)

    const page = await fetch(board.url)
    expect(await page.text()).toContain('<title>Hotline board</title>')
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect((await fetch(`${board.url}/assets/../../package.json`)).status).toBe(404)
    expect((await fetch(board.url, { method: 'POST' })).status).toBe(405)

    expect(await board.end('SIGTERM')).toBe(0)
    expect(board.output.split('\n')).toHaveLength(2)
  })

  it('ends with one sentence when its port is taken', async () => {
    const other = createServer().listen(port)
    const failure: unknown = await start().catch((error: unknown) => error)
    other.close()
    expect(String(failure)).toMatch(/ended with code 1:\nPort \d+ is taken: .+\n$/)
  })

  it('ends with one sentence when its data is in use, and leaves it unharmed', async () => {
    await start()
    const failure: unknown = await start({ port: await freePort(), data }).catch((error: unknown) => error)
    expect(String(failure)).toMatch(/ended with code 1:\nThe data in .+ is in use by process \d+: .+\n$/)
  })

  it('takes its data over from one that was killed', async () => {
    const board = await start()
    await board.end('SIGKILL')
    await start()
  })

  it('ends with one sentence for a port that is none', async () => {
    const failure: unknown = await start({ port: 70_000, data }).catch((error: unknown) => error)
    expect(String(failure)).toMatch(/ended with code 1:\nPORT must be a number from 1 to 65535, not "70000".\n$/)
  })
})
