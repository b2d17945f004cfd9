import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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
  /** Installs the part of `@hotline/react/options` that a client's type becomes, and its peer. */
  installQueryOptions(): void
  /** Installs what `@hotline/<name>` hands on of core, and core below it, where programs can't import it: as pnpm does. */
  hideCoreBehind(name: 'server' | 'client'): void
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
  const core = write('node_modules/@hotline/core', { 'package.json': packageOf('core', '.', 'index') })
  emitDeclarations('core', 'index', { outDir: join(core, 'dist') })
  const install = (names: readonly string[], from: string) => {
    for (const name of names) symlinkSync(join(from, name), join(path, 'node_modules', name), 'junction')
  }
  install(['zod', '@standard-schema'], join(ROOT, 'node_modules'))
  const installQueryOptions = () => {
    install(['@tanstack'], join(ROOT, 'node_modules'))
    const packed = packageOf('react', './options', 'query-options-of')
    const react = write('node_modules/@hotline/react', { 'package.json': packed })
    const paths = { '@hotline/core': [join(core, 'dist/index.d.ts')] }
    emitDeclarations('react', 'query-options-of', { outDir: join(react, 'dist'), paths })
  }
  const hideCoreBehind = (name: string) => {
    const source = readFileSync(join(ROOT, 'packages', name, 'src/index.ts'), 'utf8')
    const handedOn = source.match(/^export (type )?\{[^}]*\} from '@hotline\/core'$/gm) ?? []
    const folder = write(`node_modules/@hotline/${name}`, {
      'package.json': packageOf(name, '.', 'index'),
      'dist/index.d.ts': handedOn.join('\n'),
    })
    mkdirSync(join(folder, 'node_modules/@hotline'), { recursive: true })
    renameSync(core, join(folder, 'node_modules/@hotline/core'))
  }
  const remove = () => rmSync(path, { recursive: true, force: true })
  return { write, install, installQueryOptions, hideCoreBehind, remove }
}

function packageOf(name: string, entry: string, file: string): string {
  const exports = { [entry]: { types: `./dist/${file}.d.ts` } }
  return JSON.stringify({ name: `@hotline/${name}`, type: 'module', exports })
}

function emitDeclarations(name: string, file: string, options: Parameters<typeof compile>[1]): void {
  const source = join(ROOT, 'packages', name, 'src')
  const typeRoots = [join(ROOT, 'node_modules/@types')]
  compile([join(source, `${file}.ts`)], { rootDir: source, types: ['node'], typeRoots, ...options }).emit()
}
