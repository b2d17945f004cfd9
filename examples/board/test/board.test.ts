import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BoardProcess, freePort, startBoard } from './board-process.mjs'
import { buildBoard } from './build-board.mjs'
import { findTool, launchChromium } from './chromium.mjs'
import { addList, addTask, cardTitles, list, openAs, say, task } from './page-actions.ts'

const chromiumPath = findTool('chromium')

if (chromiumPath === undefined && process.env.CI === 'true') {
  throw new Error('Chromium is not installed, and with CI=true its tests may not be skipped.')
}

const suite = chromiumPath === undefined ? 'the board (skipped: Chromium is not installed)' : 'the board'

describe.skipIf(chromiumPath === undefined)(suite, { timeout: 60_000 }, () => {
  let browser: Browser
  let data: string
  let port: number
  let board: BoardProcess
  let ada: Page
  let bo: Page

  beforeAll(async () => {
    buildBoard()
    data = await mkdtemp(join(tmpdir(), 'board-'))
    port = await freePort()
    board = await startBoard({ port, data: join(data, 'board') })
    browser = await launchChromium(chromiumPath ?? '')
    ada = await openAs(browser, board.url, 'Ada')
    bo = await openAs(browser, board.url, 'Bo')
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await board?.end('SIGTERM')
    await rm(data, { recursive: true, force: true })
  })

  /** Each story has a list of its own. */
  let name: string
  let stories = 0

  beforeEach(async () => {
    stories += 1
    name = `Story ${stories}`
    await addList(ada, name)
    await list(bo, name).waitFor()
  })

  it('shows what one page adds, ticks and says on the other', async () => {
    await addTask(ada, name, 'Buy paper')
    await task(bo, 'Buy paper').waitFor()
    await bo.getByRole('checkbox', { name: 'Done: Buy paper' }).click()
    await task(ada, 'Buy paper').getByText('Done by Bo').waitFor()

    await say(ada, 'Thank you!')
    await bo.locator('.said', { hasText: 'Ada' }).getByText('Thank you!').waitFor()
  })

  it('tells each page who else is there, until they leave', async () => {
    const cy = await openAs(browser, board.url, 'Cy')
    await ada.getByText('Also here: Bo and Cy').waitFor({ state: 'attached' })
    await cy.close()
    await ada.getByText('Also here: Bo', { exact: true }).waitFor({ state: 'attached' })
  })

  it('renames, moves and deletes, by menu and by dragging, the same on both pages', async () => {
    const shelf = `${name}, put aside`
    await addList(ada, shelf)
    for (const title of ['one', 'two', 'three']) await addTask(ada, name, title)
    await menu(ada, 'three', 'Move up')
    await expect.poll(() => cardTitles(bo, name)).toEqual(['one', 'three', 'two'])

    await task(ada, 'two').dragTo(task(ada, 'one'), { targetPosition: { x: 40, y: 4 } })
    await expect.poll(() => cardTitles(bo, name)).toEqual(['two', 'one', 'three'])

    await ada.getByRole('button', { name: 'More about three', exact: true }).focus()
    await ada.keyboard.press('Enter')
    await ada.locator('[role=menuitem]:focus', { hasText: 'Rename' }).waitFor()
    for (const key of ['End', 'ArrowUp', 'Enter']) await ada.keyboard.press(key)
    await expect.poll(() => cardTitles(bo, name)).toEqual(['two', 'one'])
    await expect.poll(() => cardTitles(bo, shelf)).toEqual(['three'])
    await ada.getByRole('button', { name: 'More about three', exact: true }).and(ada.locator(':focus')).waitFor()

    await menu(ada, 'one', 'Rename')
    await ada.getByLabel('Title of the task').fill('eins')
    await ada.keyboard.press('Enter')
    await menu(bo, 'two', 'Delete')
    await expect.poll(() => cardTitles(bo, name)).toEqual(['eins'])
    await expect.poll(() => cardTitles(ada, name)).toEqual(['eins'])
  })

  it('says when a list is full, takes the task back and leaves its words in the field', async () => {
    for (let number = 1; number <= 20; number += 1) await addTask(ada, name, `Full ${number}`)
    const field = ada.getByLabel(`Add a task to ${name}`, { exact: true })
    await field.fill('One too many')
    await field.press('Enter')
    await list(ada, name).getByRole('alert').getByText('This list is full: it holds 20 tasks at most.').waitFor()
    expect(await field.inputValue()).toBe('One too many')
    expect(await cardTitles(ada, name)).toHaveLength(20)
    await expect.poll(() => cardTitles(bo, name)).toEqual(await cardTitles(ada, name))
  })

  it('shows an addition before the server has answered, and keeps one of it when it has', async () => {
    board.signal('SIGSTOP')
    try {
      await addTask(ada, name, 'At once')
      await ada.locator('.card[data-sending]', { hasText: 'At once' }).waitFor()
    } finally {
      board.signal('SIGCONT')
    }
    await task(bo, 'At once').waitFor()
    await ada.locator('.card:not([data-sending])', { hasText: 'At once' }).waitFor()
    expect(await cardTitles(ada, name)).toEqual(['At once'])
  })

  it('finds its way back after the server was killed: nothing is missing, nothing is there twice', async () => {
    await addTask(ada, name, 'Before')
    await task(bo, 'Before').waitFor()

    await board.end('SIGKILL')
    await Promise.all([ada, bo].map((page) => page.getByText('The line is cut').waitFor()))
    await bo.context().setOffline(true)
    await addTask(ada, name, 'While it was cut')
    await ada.getByText('1 change waits for it').waitFor()

    board = await startBoard({ port, data: join(data, 'board') })
    await ada.getByText('Connected', { exact: true }).waitFor()
    await addTask(ada, name, 'While Bo was still away')
    await ada.locator('.card:not([data-sending])', { hasText: 'While Bo was still away' }).waitFor()
    expect(await cardTitles(bo, name)).toEqual(['Before'])

    await bo.context().setOffline(false)
    await bo.getByText('Connected', { exact: true }).waitFor()
    await addTask(bo, name, 'After')
    const all = ['Before', 'While it was cut', 'While Bo was still away', 'After']
    await expect.poll(() => cardTitles(bo, name)).toEqual(all)
    await expect.poll(() => cardTitles(ada, name)).toEqual(all)
  })

  it('starts over when the database behind it was emptied', async () => {
    await board.end('SIGTERM')
    await rm(join(data, 'board'), { recursive: true })
    board = await startBoard({ port, data: join(data, 'board') })
    await Promise.all([ada, bo].map((page) => page.getByText('Nothing on the board yet').waitFor()))
    await addList(ada, 'A new life')
    await list(bo, 'A new life').waitFor()
  })
})

async function menu(page: Page, title: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `More about ${title}`, exact: true }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}
