import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { expect, it } from 'vitest'

const source = fileURLToPath(new URL('../../packages/react/src/', import.meta.url))

it('says "use client" first where the hooks are, and nowhere where a server may read it', {
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hotline-bundle-'))
  try {
    await build({
      entry: { index: `${source}index.ts`, options: `${source}options.ts` },
      external: [/^@hotline\/(client|core)/, /^@tanstack\//, 'react'],
      outDir: folder,
      config: false,
      silent: true,
      format: 'esm',
      target: 'es2022',
    })
    const read = (name: string) => readFile(join(folder, `${name}.js`), 'utf8')
    expect(await read('index')).toMatch(/^"use client"/)
    expect(await read('options')).not.toContain('use client')
  } finally {
    await rm(folder, { recursive: true })
  }
})
