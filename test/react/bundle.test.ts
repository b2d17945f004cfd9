import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'tsup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const source = fileURLToPath(new URL('../../packages/react/src/', import.meta.url))

/** What the page has anyway. */
const external = [/^@hotline\/(client|core)/, /^@tanstack\//, 'react']

const HOOKS = `export { useConnection, useSubscription } from '${source}index.ts'\n`
const CONTEXT = `export { createHotlineContext } from '${source}index.ts'\n`
const OPTIONS = `export { createQueryOptions } from '${source}options.ts'\n`
const LIVE = `export { attachLive } from '${source}options.ts'\n`
const INVALIDATIONS = `export { attachInvalidations } from '${source}options.ts'\n`
const ALL = `export * from '${source}index.ts'\nexport * from '${source}options.ts'\n`

describe('what @hotline/react adds to a page, minified and packed', { timeout: 60_000 }, () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hotline-bundle-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each([
    ['query options', OPTIONS, 1_875],
    ['query options and hooks', OPTIONS + HOOKS, 2_970],
    ['query options and invalidations', OPTIONS + INVALIDATIONS, 2_670],
    ['query options, live queries and optimistic changes', OPTIONS + LIVE, 3_860],
    ['these and hooks', OPTIONS + LIVE + HOOKS, 4_590],
    ['these, hooks and the context', OPTIONS + LIVE + HOOKS + CONTEXT, 4_800],
    ['everything', ALL, 5_200],
  ])('for %s, is no larger than it may be', async (_, imports, most) => {
    const entry = join(folder, 'entry.ts')
    await writeFile(entry, imports)
    await bundle({ entry: { entry }, minify: true })
    expect(gzipSync(await readFile(join(folder, 'entry.js')), { level: 9 }).length).toBeLessThanOrEqual(most)
  })

  it('says "use client" first where the hooks are, and nowhere where a server may read it', async () => {
    await bundle({ entry: { index: `${source}index.ts`, options: `${source}options.ts` }, minify: false })
    const [index, options] = await Promise.all(
      ['index', 'options'].map((name) => readFile(join(folder, `${name}.js`), 'utf8')),
    )
    expect(index).toMatch(/^"use client"/)
    expect(options).not.toContain('use client')
  })

  async function bundle(options: { entry: Record<string, string>; minify: boolean }): Promise<void> {
    const common = { outDir: folder, config: false, silent: true, format: 'esm', target: 'es2022' } as const
    await build({ ...common, ...options, external })
  }
})
