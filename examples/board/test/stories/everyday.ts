import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { addList, addTask, cardTitles, list, load, menu, say, task } from '../page-actions.ts'
import { PATIENCE, type Scene } from '../scene.ts'

/** What people do with the board all day; a server that is started anew is part of it. */
export function everydayStories(scene: () => Scene): void {
  describe('day by day', { timeout: 60_000 }, () => {
    let stage: Page
    let kitchen: Page
    let name: string

    beforeEach(async () => {
      stage = scene().stage.page
      kitchen = scene().kitchen.page
      name = await scene().newList()
    })

    it('shows what one page adds, ticks and says on the other', async () => {
      await addTask(stage, name, 'Buy paper')
      await task(kitchen, 'Buy paper').waitFor()
      await kitchen.getByRole('checkbox', { name: 'Done: Buy paper' }).click()
      await task(stage, 'Buy paper').getByText('Done by Kitchen').waitFor()

      await say(stage, 'Thank you!')
      await kitchen.locator('.said', { hasText: 'Stage' }).getByText('Thank you!').waitFor()
    })

    it('renames, moves and deletes, by menu and by dragging, the same on both pages', async () => {
      const shelf = `${name}, put aside`
      await addList(stage, shelf)
      for (const title of ['one', 'two', 'three']) await addTask(stage, name, title)
      await menu(stage, 'three', 'Move up')
      await expect.poll(() => cardTitles(kitchen, name), PATIENCE).toEqual(['one', 'three', 'two'])

      await task(stage, 'two').dragTo(task(stage, 'one'), { targetPosition: { x: 40, y: 4 } })
      await expect.poll(() => cardTitles(kitchen, name), PATIENCE).toEqual(['two', 'one', 'three'])

      await stage.getByRole('button', { name: 'More about three', exact: true }).focus()
      await stage.keyboard.press('Enter')
      await stage.locator('[role=menuitem]:focus', { hasText: 'Rename' }).waitFor()
      for (const key of ['End', 'ArrowUp', 'Enter']) await stage.keyboard.press(key)
      await expect.poll(() => cardTitles(kitchen, name), PATIENCE).toEqual(['two', 'one'])
      await expect.poll(() => cardTitles(kitchen, shelf), PATIENCE).toEqual(['three'])
      await stage.getByRole('button', { name: 'More about three', exact: true }).and(stage.locator(':focus')).waitFor()

      await menu(stage, 'one', 'Rename')
      await stage.getByLabel('Title of the task').fill('eins')
      await stage.keyboard.press('Enter')
      await menu(kitchen, 'two', 'Delete')
      await expect.poll(() => cardTitles(kitchen, name), PATIENCE).toEqual(['eins'])
      await expect.poll(() => cardTitles(stage, name), PATIENCE).toEqual(['eins'])
    })

    it('says when a list is full, takes the task back and leaves its words in the field', async () => {
      for (let number = 1; number <= 20; number += 1) await addTask(stage, name, `Full ${number}`)
      const field = stage.getByLabel(`Add a task to ${name}`, { exact: true })
      await field.fill('One too many')
      await field.press('Enter')
      await list(stage, name).getByRole('alert').getByText('This list is full: it holds 20 tasks at most.').waitFor()
      expect(await field.inputValue()).toBe('One too many')
      expect(await cardTitles(stage, name)).toHaveLength(20)
      await expect.poll(() => cardTitles(kitchen, name), PATIENCE).toEqual(await cardTitles(stage, name))
    })

    it('shows an addition before the server has answered, and keeps one of it when it has', async () => {
      scene().board.signal('SIGSTOP')
      try {
        await addTask(stage, name, 'At once')
        await stage.locator('.card[data-sending]', { hasText: 'At once' }).waitFor()
      } finally {
        scene().board.signal('SIGCONT')
      }
      await task(kitchen, 'At once').waitFor()
      await stage.locator('.card:not([data-sending])', { hasText: 'At once' }).waitFor()
      expect(await cardTitles(stage, name)).toEqual(['At once'])
    })

    it('finds its way back after the server was killed: nothing is missing, nothing is there twice', async () => {
      await addTask(stage, name, 'Before')
      await task(kitchen, 'Before').waitFor()

      await scene().board.end('SIGKILL')
      await Promise.all([stage, kitchen].map((page) => page.getByText('The line is cut').waitFor()))
      await kitchen.context().setOffline(true)
      await addTask(stage, name, 'While it was cut')
      await load(stage, 'unknown now').waitFor()
      await stage.getByText('1 change waits for the line').waitFor()

      await scene().restart()
      await stage.getByText('Connected', { exact: true }).waitFor()
      await addTask(stage, name, 'While Kitchen was still away')
      await stage.locator('.card:not([data-sending])', { hasText: 'While Kitchen was still away' }).waitFor()
      expect(await cardTitles(kitchen, name)).toEqual(['Before'])

      await kitchen.context().setOffline(false)
      await kitchen.getByText('Connected', { exact: true }).waitFor()
      await addTask(kitchen, name, 'After')
      const all = ['Before', 'While it was cut', 'While Kitchen was still away', 'After']
      await expect.poll(() => cardTitles(kitchen, name), PATIENCE).toEqual(all)
      await expect.poll(() => cardTitles(stage, name), PATIENCE).toEqual(all)
    })
  })
}
