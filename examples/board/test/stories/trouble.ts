import { setTimeout as pause } from 'node:timers/promises'
import type { FaultyProxy } from '@hotline/testing/proxy'
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { changesIn } from '../changes-in.ts'
import { addTask, cardTitles, line, noteLine, openAs, sending, task, tick } from '../page-actions.ts'
import { PATIENCE, type Scene } from '../scene.ts'

const HOLE_MS = 10_000

/** A call weighs at least this much on its way up; what else a page says meanwhile is far smaller. */
const CALL_BYTES = 150

/** Changes that are made at the worst moment. */
export function troubleStories(scene: () => Scene): void {
  describe('in trouble', { timeout: 90_000 }, () => {
    let stage: Page
    let kitchen: Page
    let stageLine: FaultyProxy
    let kitchenLine: FaultyProxy
    let name: string

    beforeEach(async () => {
      ;({ page: stage, way: stageLine } = scene().stage)
      ;({ page: kitchen, way: kitchenLine } = scene().kitchen)
      name = await scene().newList()
    })

    async function killAndRestart(): Promise<void> {
      await scene().board.end('SIGKILL')
      for (const way of [stageLine, kitchenLine]) way.heal()
      await scene().restart()
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
      scene().board.signal('SIGSTOP')
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
      const witness = await openAs(scene().browser, scene().board.url, 'Front desk')
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
      await scene().board.end('SIGKILL')
      const changes = await changesIn({ folder: scene().folder })
      await scene().restart()
      const added = changes.filter((change) => change.type === 'task-added')
      const times = (title: string) => added.filter((change) => change.title === title).length
      expect(TITLES.map(times)).toEqual(TITLES.map(() => 1))
      const sweep = added.find(({ title }) => title === 'Sweep')
      const ticks = changes.flatMap((change) =>
        change.type === 'task-completed' && change.task === sweep?.task ? [change.done] : [],
      )
      expect(ticks).toEqual([true, false])
    })
  })
}

const TITLES = [
  'Sent to a server that is dying',
  'Sweep',
  'Heard, but not answered',
  'Said into the hole',
  'Said into it from the other side',
  'Said outside',
]
