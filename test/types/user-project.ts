import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from './compile.ts'
import type { Files } from './generated-program.ts'

/** A folder that has installed core: programs in it see core's emitted declarations, as a user's do. */
export interface UserProject {
  /** Writes files into a folder of the project and gives its path. */
  write(folder: string, files: Files): string
  /** Installs more packages by name, from where they lie: a `node_modules`. */
  install(names: readonly string[], from: string): void
  remove(): void
}

/** Two folders up, here as in the bench's built program. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export function createUserProject(): UserProject {
  const path = mkdtempSync(join(tmpdir(), 'hotline-types-'))
  const write = (folder: string, files: Files) => {
    for (const [name, text] of Object.entries(files)) {
      const file = join(path, folder, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    return join(path, folder)
  }
  write('.', { 'package.json': JSON.stringify({ type: 'module' }) })
  installCore(write('node_modules/@hotline/core', { 'package.json': CORE_PACKAGE }))
  const install = (names: readonly string[], from: string) => {
    for (const name of names) symlinkSync(join(from, name), join(path, 'node_modules', name), 'junction')
  }
  install(['zod', '@standard-schema'], join(ROOT, 'node_modules'))
  return { write, install, remove: () => rmSync(path, { recursive: true, force: true }) }
}

const CORE_PACKAGE = JSON.stringify({
  name: '@hotline/core',
  type: 'module',
  exports: { '.': { types: './dist/index.d.ts' } },
})

function installCore(folder: string): void {
  const source = join(ROOT, 'packages/core/src')
  const options = {
    rootDir: source,
    outDir: join(folder, 'dist'),
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  }
  compile([join(source, 'index.ts')], options).emit()
}
