import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type FaultyProxy, startProxy } from '@hotline/testing/proxy'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BoardProcess, freePort, startBoard } from './board-process.mjs'
import { buildBoard } from './build-board.mjs'
import { changesIn } from './changes-in.ts'
import { findTool, launchChromium } from './chromium.mjs'
import { needs } from './needs.ts'
import { addList, addTask, cardTitles, line, list, noteLine, openAs, sending, task, tick } from './page-actions.ts'

const chromiumPath = findTool('chromium')
const suite = needs('the board in trouble', { Chromium: chromiumPath })

const HOLE_MS = 10_000

/** A page comes back after a pause of chance, which grows with each attempt that fails. */
const PATIENCE = { timeout: 40_000 }

/** A call weighs at least this much on its way up; what else a page says meanwhile is far smaller. */
const CALL_BYTES = 150

describe.skipIf(suite.areMissing)(suite.title, { timeout: 90_000 }, () => {
  let browser: Browser
  let folder: string
  let start: () => Promise<BoardProcess>
  let board: BoardProcess
  /** Each page's own way to the server. */
  let stageLine: FaultyProxy
  let kitchenLine: FaultyProxy
  let stage: Page
  let kitchen: Page

  beforeAll(async () => {
    buildBoard()
    folder = await mkdtemp(join(tmpdir(), 'board-'))
    const port = await freePort()
    start = () => startBoard({ port, data: join(folder, 'board') })
    board = await start()
    browser = await launchChromium(chromiumPath ?? '')
    stageLine = await startProxy({ target: { port } })
    kitchenLine = await startProxy({ target: { port } })
    stage = await openAs(browser, `http://127.0.0.1:${stageLine.port}`, 'Stage')
    kitchen = await openAs(browser, `http://127.0.0.1:${kitchenLine.port}`, 'Kitchen')
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await Promise.all([stageLine?.close(), kitchenLine?.close()])
    await board?.end('SIGTERM')
    await rm(folder, { recursive: true, force: true })
  })

  /** Each story has a list of its own. */
  let name: string
  let stories = 0

  beforeEach(async () => {
    stories += 1
    name = `Story ${stories}`
    await addList(stage, name)
    await list(kitchen, name).waitFor()
  })

  async function killAndRestart(): Promise<void> {
    await board.end('SIGKILL')
    for (const way of [stageLine, kitchenLine]) way.heal()
    board = await start()
  }

  /** Both pages show these tasks, and wait for nothing. */
  async function bothShow(titles: readonly string[]): Promise<void> {
    for (const page of [stage, kitchen]) {
      await expect.poll(() => cardTitles(page, name), PATIENCE).toEqual(titles)
      await expect.poll(() => sending(page).count(), PATIENCE).toBe(0)
      await line(page).getByText('Connected', { exact: true }).waitFor(PATIENCE)
    }
  }

  it('loses no change that was sent and never read: the server is killed before it could', async () => {
    board.signal('SIGSTOP')
    const sent = stageLine.counts.up.carriedBytes
    await addTask(stage, name, 'Sent to a server that is dying')
    await expect.poll(() => stageLine.counts.up.carriedBytes, PATIENCE).toBeGreaterThan(sent + CALL_BYTES)
    await killAndRestart()
    await bothShow(['Sent to a server that is dying'])
  })

  it('makes a change once that was committed and never answered: the server is killed in between', async () => {
    await addTask(stage, name, 'Sweep')
    await task(kitchen, 'Sweep').waitFor()

    stageLine.change({ down: { isHole: true } })
    await tick(stage, 'Sweep')
    await task(kitchen, 'Sweep').getByText('Done by Stage').waitFor()
    // A second run of the tick would undo this.
    await tick(kitchen, 'Sweep')
    await expect.poll(() => sending(kitchen).count(), PATIENCE).toBe(0)
    expect(await sending(stage).count()).toBe(1)

    await killAndRestart()
    await bothShow(['Sweep'])
    for (const page of [stage, kitchen]) expect(await task(page, 'Sweep').getByText('Done by').count()).toBe(0)
  })

  it('comes out of a black hole of ten seconds with every change once, and says meanwhile that there is no line', async () => {
    const witness = await openAs(browser, board.url, 'Front desk')
    const said = await Promise.all([stage, kitchen].map(noteLine))

    stageLine.change({ down: { isHole: true } })
    await addTask(stage, name, 'Heard, but not answered')
    await task(witness, 'Heard, but not answered').waitFor()
    for (const way of [stageLine, kitchenLine]) way.change({ up: { isHole: true }, down: { isHole: true } })
    await addTask(stage, name, 'Said into the hole')
    await addTask(kitchen, name, 'Said into it from the other side')

    // How long the hole lasts is the trouble itself; what the pages do in it is waited for beside it.
    const over = pause(HOLE_MS)
    for (const page of [stage, kitchen])
      await line(page)
        .getByText(/^(The line is cut|Connecting again)$/)
        .waitFor()
    await addTask(witness, name, 'Said outside')
    await over
    for (const page of [stage, kitchen]) {
      expect(await line(page).textContent()).not.toBe('Connected')
      expect(await cardTitles(page, name)).not.toContain('Said outside')
    }

    for (const way of [stageLine, kitchenLine]) way.heal()
    await expect.poll(() => cardTitles(witness, name), PATIENCE).toHaveLength(4)
    await bothShow(await cardTitles(witness, name))
    for (const sentences of said) expect((await sentences()).filter((text) => text === 'Connected')).toHaveLength(2)
    await witness.close()
  })

  it('has recorded each of these changes as one event', async () => {
    await board.end('SIGKILL')
    const changes = await changesIn({ folder: join(folder, 'board') })
    expect(changes.filter(({ type }) => type === 'task-completed')).toHaveLength(2)
    const added = changes.flatMap((change) => (change.type === 'task-added' ? [change.title] : []))
    expect(added.toSorted()).toEqual([
      'Heard, but not answered',
      'Said into it from the other side',
      'Said into the hole',
      'Said outside',
      'Sent to a server that is dying',
      'Sweep',
    ])
  })
})
