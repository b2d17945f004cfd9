import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findTool, launchChromium } from '../../examples/board/test/chromium.mjs'
import { type BundledScript, bundleScript } from '../browser/fixture/bundle-script.ts'
import { TYPES } from './fixture/round-trip.ts'

const program = findTool('chromium')

describe('values in a browser', { timeout: 60_000 }, () => {
  let script: BundledScript

  beforeAll(async () => {
    script = await bundleScript(new URL('fixture/page.ts', import.meta.url))
  }, 60_000)

  afterAll(() => script[Symbol.asyncDispose]())

  // vitest shows the reason; scripts/setup.mjs has said how to get it, and fails with CI=true.
  beforeEach((context) => {
    if (program === undefined) context.skip('Chromium is not installed')
  })

  it('come back as they were, a thousand times over, blobs and files too', async () => {
    const browser = await launchChromium(program ?? '')
    try {
      const page = await browser.newPage()
      await page.addScriptTag({ path: script.path })
      expect(await page.evaluate('checkRoundTrips(1_000)')).toEqual(expect.arrayContaining([...TYPES]))
    } finally {
      await browser.close()
    }
  })
})
