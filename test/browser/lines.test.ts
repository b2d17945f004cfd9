import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { attach } from '@hotline/server'
import { startProxy } from '@hotline/testing/proxy'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findTool, launchChromium } from '../../examples/board/test/chromium.mjs'
import { type BundledScript, bundleScript } from './fixture/bundle-script.ts'
import { lineRouter } from './fixture/line-router.ts'

const program = findTool('chromium')
const KIB = 1024

describe('a page', { timeout: 90_000 }, () => {
  let script: BundledScript

  beforeAll(async () => {
    script = await bundleScript(new URL('fixture/page.ts', import.meta.url))
  }, 60_000)

  afterAll(() => script[Symbol.asyncDispose]())

  // vitest shows the reason; scripts/setup.mjs has said how to get it, and fails with CI=true.
  beforeEach((context) => {
    if (program === undefined) context.skip('Chromium is not installed')
  })

  /** A page of a server behind a proxy, with the script in it. */
  async function openPage() {
    const http = createServer({ headersTimeout: 10_000 }, (_, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html>'),
    )
    const server = attach(lineRouter, { server: http })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    // A server that listens on TCP has an address with a port.
    const proxy = await startProxy({ target: { port: (http.address() as AddressInfo).port } })
    const browser = await launchChromium(program ?? '')
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${proxy.port}/`)
    await page.addScriptTag({ path: script.path })
    return {
      server,
      proxy,
      page,
      async [Symbol.asyncDispose]() {
        await browser.close()
        await proxy[Symbol.asyncDispose]()
        await server.close()
        await new Promise((resolve) => http.close(resolve))
      },
    }
  }

  it('C8 (20 s): sends a large message over a slow line, which nobody takes for dead, and small calls pass it', async () => {
    await using on = await openPage()
    const slow = { bytesPerSecond: 50_000 }
    on.proxy.change({ up: slow, down: slow })
    const sent = await on.page.evaluate('sendLarge(1_000_000)')
    expect(sent).toMatchObject({ length: 1_000_000, states: expect.not.arrayContaining(['waiting']) })
    expect((sent as { readonly small: number }).small).toBeGreaterThan(5)
    expect(on.proxy.counts.accepted).toBeLessThan(10)
  })

  it('F10: keeps no more than its window of a stream that it stops reading, and its other calls go on', async () => {
    await using on = await openPage()
    const kept = await on.page.evaluate('stopReading(500)')
    expect(kept).toMatchObject({ pong: 'pong', unread: expect.any(Number) })
    expect((kept as { readonly unread: number }).unread).toBeGreaterThan(0)
    expect((kept as { readonly unread: number }).unread).toBeLessThanOrEqual(320 * KIB)
    expect(on.server.stats().largestStream).toBeLessThanOrEqual(320 * KIB)
  })
})
