import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { findTool } from './chromium.mjs'
import { needs } from './needs.ts'
import { addList, list } from './page-actions.ts'
import { Scene } from './scene.ts'
import { everydayStories } from './stories/everyday.ts'
import { fileStories } from './stories/files.ts'
import { lineStories } from './stories/line.ts'
import { troubleStories } from './stories/trouble.ts'

const chromiumPath = findTool('chromium')
const suite = needs('the board', { Chromium: chromiumPath })

describe.skipIf(suite.areMissing)(suite.title, { timeout: 60_000 }, () => {
  let scene: Scene

  // One for all stories: setting it takes longer than most of them.
  beforeAll(async () => {
    scene = await Scene.set(chromiumPath ?? '')
  }, 120_000)

  afterAll(() => scene?.close())

  everydayStories(() => scene)
  lineStories(() => scene)
  troubleStories(() => scene)
  fileStories(() => scene)

  it('starts over when the database behind it was emptied', async () => {
    await scene.board.end('SIGTERM')
    await rm(scene.folder, { recursive: true })
    await scene.restart()
    const [stage, kitchen] = [scene.stage.page, scene.kitchen.page]
    await Promise.all([stage, kitchen].map((page) => page.getByText('Nothing on the board yet').waitFor()))
    await addList(stage, 'A new life')
    await list(kitchen, 'A new life').waitFor()
  })
})
