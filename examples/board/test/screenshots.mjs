// Pictures of the board in each of its states, light and dark, wide and narrow, into the git-ignored folder .data/screenshots.
// `npm run screenshots -w examples/board`, after a build. With `-- --front` also the one in the README, docs/board.png.

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, startBoard } from './board-process.mjs'
import { findTool, launchChromium } from './chromium.mjs'

/** @typedef {import('playwright-core').Page} Page */

const FOLDER = fileURLToPath(new URL('../.data/screenshots/', import.meta.url))

const FRONT = fileURLToPath(new URL('../../../docs/board.png', import.meta.url))

const LOOKS = {
  wide: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  narrow: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true },
}

/** Of these the narrow chat is pictured too. */
const CHAT_TOO = ['2-empty', '3-busy', '8-cut-pending']

/** Longer than any transition. */
const SETTLE_MS = 600

const TASKS = {
  'To do': [
    'Ask the printer for a quote',
    'Write to the people who came last year',
    'Order name tags',
    'Find someone who takes photographs',
    'Menu for Saturday evening, with something for those who eat no meat',
  ],
  Doing: [
    'Programme: talks on Saturday',
    'Book the small hall, the large one is taken',
    'Reply to the three who want a stand',
    'Sound check on Friday at five',
  ],
  Done: ['Choose the weekend', 'Ask the caretaker for the keys', 'Open the bank account', 'Borrow the coffee machine'],
}

/** @type {Readonly<Record<string, string>>} */
const IDS = {
  Stage: '00000000-0000-4000-8000-000000000028',
  Kitchen: '00000000-0000-4000-8000-000000000015',
  'Front desk': '00000000-0000-4000-8000-000000000006',
}

const executablePath = findTool('chromium')
if (executablePath === undefined) throw new Error('Chromium is not installed: `npm test` says how to get it.')
const data = await mkdtemp(join(tmpdir(), 'board-'))
const port = await freePort()
let board = await startBoard({ port, data })
const browser = await launchChromium(executablePath)
await mkdir(FOLDER, { recursive: true })

try {
  const stage = await open('Stage')
  await shoot('1-welcome', await open(undefined))
  await shoot('1-unreachable', await openWithoutServer())
  await shoot('2-empty', stage)

  await stage.getByRole('button', { name: /Start with/ }).click()
  const kitchen = await open('Kitchen')
  const frontDesk = await open('Front desk')
  for (const [list, titles] of Object.entries(TASKS)) {
    for (const [index, title] of titles.entries()) await addTask(index % 2 === 0 ? stage : kitchen, list, title)
  }
  await say(stage, 'Morning! I split yesterday’s list in three.')
  await say(kitchen, 'Lovely. Sixty for dinner on Saturday, is that still right?')
  await say(frontDesk, 'Eighty by now. We had 62 last time.')
  await say(frontDesk, 'I know the caretaker and can fetch the keys on Thursday, on the way back from work.')
  await say(stage, 'Then only the hall is missing. They have the small one left, I would book it today.')
  await say(kitchen, 'Do. I need the long tables by noon.')
  await say(stage, 'Small hall is ours, 14th and 15th.')
  for (const title of TASKS.Done) await tick(kitchen, title)
  await tick(frontDesk, 'Order name tags')
  await shoot('3-busy', stage)
  await addTask(frontDesk, 'Doing', 'Poster: first draft')
  await stage.getByText('Poster: first draft').waitFor()
  await shoot('4-touched', stage, ['wide'])
  if (process.argv.includes('--front')) {
    await addTask(kitchen, 'To do', 'Six long tables')
    await stage.getByText('Six long tables').waitFor()
    await stage.mouse.move(640, 780)
    await stage.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
    await stage.waitForTimeout(SETTLE_MS)
    await stage.screenshot({ path: FRONT })
  }

  await shoot('5-dragging', stage, ['wide'], async () => {
    await stage.locator('.card', { hasText: 'Order name tags' }).hover()
    await stage.mouse.down()
    const target = await stage.locator('.card', { hasText: 'Book the small' }).boundingBox()
    await stage.mouse.move(target?.x ?? 0, target?.y ?? 0)
    await stage.mouse.move((target?.x ?? 0) + 60, (target?.y ?? 0) + 12, { steps: 4 })
    return async () => {
      await stage.keyboard.press('Escape')
      await stage.mouse.up()
    }
  })
  await shoot('5-name', stage, ['wide', 'narrow'], async () => {
    await stage.getByRole('button', { name: /Change your name/ }).click()
    return () => stage.keyboard.press('Escape')
  })
  await shoot('5-menu', stage, ['wide', 'narrow'], async () => {
    await stage.getByRole('button', { name: /^More about Write to/ }).click()
    return () => stage.keyboard.press('Escape')
  })

  await attach(stage, 'Reply to the three', {
    name: 'stands.png',
    mimeType: 'image/png',
    buffer: await stage.screenshot(),
  })
  await stage.getByAltText('Preview of stands.png').waitFor()
  await attach(stage, 'Order name tags', { name: 'names.csv', mimeType: 'text/csv', buffer: Buffer.alloc(48_000) })
  await stage.getByText('names.csv').waitFor()
  await shoot('5-files', stage)

  const titles = Array.from({ length: 18 }, (_, index) => `Chair ${index + 1}: check its legs`)
  for (const title of titles) await addTask(stage, 'Doing', title, false)
  await stage.getByText(/This list is full/).waitFor()
  await shoot('6-full', stage)

  await stage.locator('.card', { hasText: 'Order name tags' }).dragTo(stage.getByRole('region', { name: 'Doing' }))
  await stage.locator('.notice').waitFor()
  await shoot('6-notice', stage)
  await stage.getByRole('button', { name: 'Close' }).click()

  await board.end('SIGKILL')
  await stage.getByText('The line is cut').waitFor()
  await shoot('7-cut', stage)
  await tick(stage, 'Ask the printer for a quote')
  await addTask(stage, 'To do', 'Added while there is no line')
  await say(stage, 'Is anybody there?')
  await stage.waitForTimeout(900)
  await shoot('8-cut-pending', stage)
  await stage.context().setOffline(true)
  await stage.getByText('This device is offline').waitFor()
  await shoot('8-offline', stage)
  await stage.context().setOffline(false)

  board = await startBoard({ port, data })
  await stage.getByText('Connected', { exact: true }).waitFor()
  await shoot('9-back', stage, ['wide'])
} finally {
  await browser.close()
  await board.end('SIGTERM')
  await rm(data, { recursive: true, force: true })
}

/** A page of someone's own. @param {string | undefined} name */
async function open(name) {
  const context = await browser.newContext(LOOKS.wide)
  const page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && console.error(`${name}: ${message.text()}`))
  // A colour belongs to an id: with the same ids the pictures have the same colours every time.
  await page.addInitScript(
    (id) => {
      const make = crypto.randomUUID.bind(crypto)
      Object.assign(crypto, { randomUUID: () => (localStorage.length === 0 ? id : make()) })
    },
    IDS[name ?? ''] ?? '',
  )
  await page.goto(board.url)
  if (name === undefined) return page
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Join the board' }).click()
  await page.getByText('Connected', { exact: true }).waitFor()
  await page.getByLabel('Add a list').waitFor()
  return page
}

/** A page that has come, and a server that doesn't answer. */
async function openWithoutServer() {
  const page = await open(undefined)
  await page.evaluate(() => document.fonts.ready)
  await page.context().setOffline(true)
  await page.getByLabel('Your name').fill('Stage')
  await page.getByRole('button', { name: 'Join the board' }).click()
  await page.getByText('This device is offline').waitFor()
  return page
}

/** @param {Page} page @param {string} list @param {string} title */
async function addTask(page, list, title, mustShow = true) {
  const field = page.getByLabel(`Add a task to ${list}`)
  await field.fill(title)
  await field.press('Enter')
  if (mustShow) await page.locator('.card', { hasText: title }).waitFor()
  else await page.waitForTimeout(SETTLE_MS / 10)
}

/** @param {Page} page @param {string} title @param {{ name: string, mimeType: string, buffer: Buffer }} file */
async function attach(page, title, file) {
  await page.locator('.card', { hasText: title }).locator('input[type=file]').setInputFiles(file)
}

/** @param {Page} page @param {string} title */
async function tick(page, title) {
  await page.getByRole('checkbox', { name: `Done: ${title}` }).click()
}

/** @param {Page} page @param {string} text */
async function say(page, text) {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.getByLabel('Message', { exact: true }).press('Enter')
  await page.locator('.said-text', { hasText: text }).waitFor()
}

/**
 * `prepare` runs before each picture and gives back its undo.
 * @param {string} name
 * @param {Page} page
 * @param {string[]} sizes
 * @param {() => Promise<() => Promise<void>>} prepare
 */
async function shoot(name, page, sizes = Object.keys(LOOKS), prepare = async () => async () => {}) {
  for (const [size, { viewport }] of Object.entries(LOOKS)) {
    if (!sizes.includes(size)) continue
    await page.setViewportSize(viewport)
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await page.emulateMedia({ colorScheme })
      const undo = await prepare()
      await page.waitForTimeout(name === '4-touched' ? 0 : SETTLE_MS)
      await page.screenshot({ path: join(FOLDER, `${name}-${size}-${colorScheme}.png`) })
      await undo()
    }
    if (size === 'narrow' && CHAT_TOO.includes(name)) {
      await page.getByRole('button', { name: 'Chat' }).click()
      await page.screenshot({ path: join(FOLDER, `${name}-narrow-chat.png`) })
      await page.getByRole('button', { name: 'Board', exact: true }).click()
    }
  }
  await page.setViewportSize(LOOKS.wide.viewport)
  await page.emulateMedia({ colorScheme: 'light' })
}
