import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { load, openAs } from '../page-actions.ts'
import { PATIENCE, type Scene } from '../scene.ts'

/** What the page says of the line, and of what is at its other end. */
export function lineStories(scene: () => Scene): void {
  describe('about the line', { timeout: 60_000 }, () => {
    let stage: Page

    beforeEach(() => {
      stage = scene().stage.page
    })

    it('tells each page who else is there and under which name, until they leave', async () => {
      const frontDesk = await openAs(scene().browser, scene().board.url, 'Front desk')
      await stage.getByText('Also here: Kitchen and Front desk').waitFor({ state: 'attached' })
      await frontDesk.getByRole('button', { name: 'Change your name' }).click()
      await frontDesk.getByLabel('Your name', { exact: true }).fill('Foyer')
      await frontDesk.getByRole('button', { name: 'Change name', exact: true }).click()
      await stage.getByText('Also here: Kitchen and Foyer').waitFor({ state: 'attached' })
      await frontDesk.close()
      await stage.getByText('Also here: Kitchen', { exact: true }).waitFor({ state: 'attached' })
    })

    it('counts down to the next attempt while nobody answers, and tries at once when it is told to', async () => {
      const { way } = scene().stage
      way.change({ isRefusing: true })
      way.cut()
      // What is left of it by then is more than the button gets to do its work.
      await stage.getByText(/^trying again in ([6-9]|\d\d) s$/).waitFor(PATIENCE)
      way.heal()
      await stage.getByRole('button', { name: 'Try now' }).click()
      await stage.getByText('Connected', { exact: true }).waitFor({ timeout: 4_000 })
    })

    it('draws how busy the server is, second by second', async () => {
      const drawn = () => load(stage, /now/).locator('.load-line').getAttribute('d')
      const before = await drawn()
      await expect.poll(drawn, PATIENCE).not.toBe(before)
      await load(stage, /^How busy the server was in the last minute: \d+ % now, \d+ % at most\.$/).waitFor()
    })
  })
}
