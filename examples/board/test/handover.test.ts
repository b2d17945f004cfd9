import { type FaultyProxy, startProxy } from '@hotline/testing/proxy'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVENTS_CHANNEL } from '../server/store/events.ts'
import { openDatabase } from '../server/store/open-database.ts'
import { type BoardProcess, freePort, startBoard } from './board-process.mjs'
import { buildBoard } from './build-board.mjs'
import { changesIn } from './changes-in.ts'
import { findTool, launchChromium } from './chromium.mjs'
import { needs } from './needs.ts'
import {
  addList,
  addTask,
  cardTitles,
  menu,
  messages,
  noteCards,
  noteLine,
  openAs,
  say,
  sending,
  tick,
} from './page-actions.ts'
import { findPostgres, type PostgresProcess, startPostgres } from './postgres.mjs'

const chromiumPath = findTool('chromium')
const postgresPrograms = findPostgres()
const suite = needs('the board on two servers', { Chromium: chromiumPath, Postgres: postgresPrograms })

const PATIENCE = { timeout: 20_000 }

describe.skipIf(suite.areMissing)(suite.title, { timeout: 60_000 }, () => {
  let browser: Browser
  let postgres: PostgresProcess
  const boards: BoardProcess[] = []
  /** As much of a balancer as is needed here: new connections go to this port. */
  const target = { port: 0 }
  let balancer: FaultyProxy
  let stage: Page
  let kitchen: Page

  beforeAll(async () => {
    buildBoard()
    postgres = await startPostgres(postgresPrograms ?? '')
    await startNext()
    balancer = await startProxy({ target })
    browser = await launchChromium(chromiumPath ?? '')
    stage = await openAs(browser, `http://127.0.0.1:${balancer.port}`, 'Stage')
    kitchen = await openAs(browser, `http://127.0.0.1:${balancer.port}`, 'Kitchen')
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await balancer?.close()
    await Promise.all(boards.map((board) => board.end('SIGTERM')))
    await postgres?.end()
  })

  /** Another process on the same database, where newcomers are sent from now on. */
  async function startNext(): Promise<void> {
    const port = await freePort()
    boards.push(await startBoard({ port, databaseUrl: postgres.url }))
    target.port = port
  }

  // Here the answer is there before the value that has the change: that one is read when Postgres has announced it.
  it('takes nothing back for a moment while answers and values come in', async () => {
    await addList(stage, 'To do')
    for (const title of ['one', 'two']) await addTask(stage, 'To do', title)
    await expect.poll(() => sending(stage).count(), PATIENCE).toBe(0)
    const shown = await noteCards(stage, 'To do')
    await addTask(stage, 'To do', 'three')
    await menu(stage, 'one', 'Delete')
    await tick(stage, 'two')
    await addTask(stage, 'To do', 'four')
    await expect.poll(() => cardTitles(kitchen, 'To do'), PATIENCE).toEqual(['three', 'four', 'two'])
    await expect.poll(() => sending(stage).count(), PATIENCE).toBe(0)
    expect(await shown()).toEqual([
      'one, two',
      'one, two, three',
      'two, three',
      'three, two (done)',
      'three, four, two (done)',
    ])
  })

  it('says that the board may be out of date when the server can no longer read it, and follows it again when told to', async () => {
    const database = await openDatabase({ url: postgres.url })
    const tables = ['files', 'messages']
    for (const table of tables) await database.exec(`alter table ${table} rename to mislaid_${table}`)
    await database.query('select pg_notify($1, $2)', [EVENTS_CHANNEL, ''])
    for (const page of [stage, kitchen]) await page.getByText('This board may be out of date').waitFor()
    await stage.getByText('Messages may be missing.').waitFor()
    expect(await cardTitles(stage, 'To do')).toEqual(['three', 'four', 'two'])
    for (const table of tables) await database.exec(`alter table mislaid_${table} rename to ${table}`)
    await database.close()
    for (const page of [stage, kitchen]) {
      for (const part of ['main', 'complementary'] as const) {
        const again = page.getByRole(part).getByRole('button', { name: 'Try again' })
        await again.click()
        await again.waitFor({ state: 'detached' })
      }
    }
    await addTask(kitchen, 'To do', 'five')
    await expect.poll(() => cardTitles(stage, 'To do'), PATIENCE).toEqual(['three', 'four', 'five', 'two'])
  })

  it('moves to the other one while people talk: nothing is lost, nothing comes twice, and nobody notices', async () => {
    const lines = await Promise.all([stage, kitchen].map(noteLine))
    const said: string[] = []
    const talk = async () => {
      const [page, who] = said.length % 2 === 0 ? [stage, 'Stage'] : [kitchen, 'Kitchen']
      said.push(`${who} ${said.length}`)
      await say(page, said.at(-1) ?? '')
    }
    await talk()
    await startNext()

    let hasLeft = false
    const left = boards[0]?.end('SIGTERM').finally(() => {
      hasLeft = true
    })
    while (!hasLeft) await talk()
    expect(await left).toBe(0)
    await talk()
    await talk()

    for (const page of [stage, kitchen]) {
      await expect.poll(() => sending(page).count(), PATIENCE).toBe(0)
      await expect.poll(async () => (await messages(page)).toSorted(), PATIENCE).toEqual(said.toSorted())
    }
    expect(await messages(stage)).toEqual(await messages(kitchen))
    const recorded = await changesIn({ url: postgres.url })
    expect(recorded.flatMap((change) => (change.type === 'message-said' ? [change.text] : []))).toEqual(
      await messages(stage),
    )
    for (const sentences of lines) expect(await sentences()).toEqual(['Connected'])
  })
})
