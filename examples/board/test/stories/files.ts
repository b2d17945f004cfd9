import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FaultyProxy } from '@hotline/testing/proxy'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/limits.ts'
import { filesIn } from '../files-in.ts'
import { addTask, line, noteLine, task } from '../page-actions.ts'
import { PATIENCE, type Scene } from '../scene.ts'

/** Large enough that a line of `SLOW` takes some seconds. */
const FILE_BYTES = 1_500_000
const SLOW = { bytesPerSecond: 400_000 }

/** A red square of one pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='

/** Files on tasks: dropped, chosen, watched, called back, cut off. */
export function fileStories(scene: () => Scene): void {
  describe('with files', { timeout: 90_000 }, () => {
    let stage: Page
    let kitchen: Page
    let way: FaultyProxy
    let name: string
    let folder: string

    beforeAll(async () => {
      // One list for all of them: a board holds twelve, and the other stories need theirs.
      name = await scene().newList()
      folder = await mkdtemp(join(tmpdir(), 'board-files-'))
    })

    afterAll(() => rm(folder, { recursive: true, force: true }))

    beforeEach(() => {
      ;({ page: stage, way } = scene().stage)
      kitchen = scene().kitchen.page
    })

    async function makeFile(fileName: string): Promise<{ path: string; hash: string }> {
      const bytes = randomBytes(FILE_BYTES)
      const path = join(folder, fileName)
      await writeFile(path, bytes)
      return { path, hash: hashOf(bytes) }
    }

    it('shows a picture that is dropped on a task, on both pages', async () => {
      await addTask(stage, name, 'Draw a poster')
      await drop(stage, 'Draw a poster', { name: 'poster.png', type: 'image/png', base64: PNG })
      for (const page of [stage, kitchen]) {
        const picture = task(page, 'Draw a poster').getByAltText('Preview of poster.png')
        await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth), PATIENCE).toBe(1)
      }
      const saved = await download(kitchen, 'poster.png')
      expect(saved.toString('base64')).toBe(PNG)
    })

    it('shows no picture that is a document, and none that is not a picture', async () => {
      await addTask(stage, name, 'Look, no hands')
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>').toString(
        'base64',
      )
      await drop(stage, 'Look, no hands', { name: 'drawing.svg', type: 'image/svg+xml', base64: svg })
      await drop(stage, 'Look, no hands', { name: '<b>fake</b>.png', type: 'image/png', base64: svg })
      const card = task(kitchen, 'Look, no hands')
      await card.getByText('drawing.svg', { exact: true }).waitFor()
      await card.getByText('<b>fake</b>.png', { exact: true }).waitFor()
      await expect.poll(() => card.locator('.preview').count(), PATIENCE).toBe(0)
    })

    it('takes a chosen file up with its progress in sight, and gives the same bytes back', async () => {
      await addTask(stage, name, 'Send the figures')
      const { path, hash } = await makeFile('figures.bin')
      way.change({ up: SLOW })
      await attach(stage, 'Send the figures', path)
      const progress = stage.getByRole('progressbar', { name: 'Upload of figures.bin' })
      await reaches(progress, 10)
      expect(await task(kitchen, 'Send the figures').locator('.file').count()).toBe(0)
      await task(kitchen, 'Send the figures').getByText('figures.bin').waitFor()
      await progress.waitFor({ state: 'detached' })
      way.heal()
      expect(hashOf(await download(kitchen, 'figures.bin'))).toBe(hash)

      await kitchen.getByRole('button', { name: 'Remove figures.bin' }).click()
      await task(stage, 'Send the figures').locator('.file').waitFor({ state: 'detached' })
    })

    it('goes on after a cut in the middle of an upload: the file is whole, and is there once', async () => {
      await addTask(stage, name, 'Send them over a bad line')
      const { path, hash } = await makeFile('cut.bin')
      const said = await noteLine(stage)
      way.change({ up: SLOW })
      await attach(stage, 'Send them over a bad line', path)
      const progress = stage.getByRole('progressbar', { name: 'Upload of cut.bin' })
      await reaches(progress, 30)
      way.cut()
      await expect.poll(async () => (await said()).length, PATIENCE).toBeGreaterThan(1)
      way.heal()
      await task(kitchen, 'Send them over a bad line').getByText('cut.bin').waitFor(PATIENCE)
      expect(await task(kitchen, 'Send them over a bad line').locator('.file').count()).toBe(1)
      expect(hashOf(await download(kitchen, 'cut.bin'))).toBe(hash)
    })

    it('sends a file anew when the server was killed in the middle of it', async () => {
      await addTask(stage, name, 'Send them to a dying server')
      const { path, hash } = await makeFile('killed.bin')
      way.change({ up: SLOW })
      await attach(stage, 'Send them to a dying server', path)
      const progress = stage.getByRole('progressbar', { name: 'Upload of killed.bin' })
      await reaches(progress, 30)
      await scene().board.end('SIGKILL')
      way.heal()
      await scene().restart()
      await task(kitchen, 'Send them to a dying server').getByText('killed.bin').waitFor(PATIENCE)
      await line(kitchen).getByText('Connected', { exact: true }).waitFor(PATIENCE)
      expect(hashOf(await download(kitchen, 'killed.bin'))).toBe(hash)
    })

    it('says of a file that it is too large, by its name', async () => {
      await addTask(stage, name, 'Send the film')
      const path = join(folder, 'film.mov')
      const film = await open(path, 'w')
      await film.truncate(LIMITS.fileBytes + 1)
      await film.close()
      await attach(stage, 'Send the film', path)
      await stage.getByText('“film.mov”: That file is too large: 64 MiB at most.').waitFor()
      await stage.getByRole('button', { name: 'Close' }).click()
      expect(await task(stage, 'Send the film').locator('.file').count()).toBe(0)
    })

    it('leaves nothing behind of an upload that is called back', async () => {
      await addTask(stage, name, 'Better not')
      const { path } = await makeFile('regret.bin')
      way.change({ up: SLOW })
      await attach(stage, 'Better not', path)
      const progress = stage.getByRole('progressbar', { name: 'Upload of regret.bin' })
      await reaches(progress, 10)
      await stage.getByRole('button', { name: 'Cancel upload of regret.bin' }).click()
      await progress.waitFor({ state: 'detached' })
      way.heal()
      // Calls are answered in order of their coming: with this one recorded, the server has heard of the end.
      await addTask(stage, name, 'Something else')
      await task(kitchen, 'Something else').waitFor()
      expect(await task(kitchen, 'Better not').locator('.file').count()).toBe(0)
      await scene().board.end('SIGTERM')
      const kept = await filesIn({ folder: scene().folder })
      await scene().restart()
      expect(kept.filter((file) => file.name === 'regret.bin')).toEqual([])
    })
  })
}

/** Through the menu, as someone does who cannot drag. */
async function attach(page: Page, title: string, path: string): Promise<void> {
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: `More about ${title}`, exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.locator('[role=menuitem]:focus', { hasText: 'Rename' }).waitFor()
  for (const key of ['ArrowDown', 'Enter']) await page.keyboard.press(key)
  await (await chosen).setFiles(path)
}

/** Drops a file on a task, as a file manager would. */
async function drop(
  page: Page,
  title: string,
  file: { readonly name: string; readonly type: string; readonly base64: string },
): Promise<void> {
  const dataTransfer = await page.evaluateHandle(({ name, type, base64 }) => {
    const transfer = new DataTransfer()
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    transfer.items.add(new File([bytes], name, { type }))
    return transfer
  }, file)
  for (const type of ['dragover', 'drop']) await task(page, title).dispatchEvent(type, { dataTransfer })
}

/** Waits until the bar has passed so many percent. */
async function reaches(progress: Locator, percent: number): Promise<void> {
  const value = () => progress.evaluate((bar: HTMLProgressElement) => bar.value)
  await expect.poll(value, PATIENCE).toBeGreaterThan(percent)
}

async function download(page: Page, name: string): Promise<Buffer> {
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: `Download ${name}` }).click()
  const saved = await coming
  expect(saved.suggestedFilename()).toBe(name)
  return readFile(await saved.path())
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
