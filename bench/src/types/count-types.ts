// Prints what the compiler counts for Hotline, for the peers, and for plain functions, as JSON: `node dist/count-types.js 500 2000`

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from '../../../test/types/compile.ts'
import { type Files, generateProgram, write } from '../../../test/types/generated-program.ts'
import { PEER_PACKAGES, PEER_WRITINGS } from '../../../test/types/peer-programs.ts'
import { createUserProject, type UserProject } from '../../../test/types/user-project.ts'
import type { TypeFigures } from './type-figures.ts'

const sizes = process.argv.slice(2).map(Number)

const PROGRAMS: Readonly<Record<string, (procedures: number) => Files>> = {
  'plain functions (the floor)': (procedures) => generateProgram('plain functions', procedures),
  Hotline: (procedures) => generateProgram('procedures', procedures),
  'Hotline, an error declared on each': (procedures) => generateProgram('procedures with an error', procedures),
  ...Object.fromEntries(
    Object.entries(PEER_WRITINGS).map(([title, writing]) => [
      title,
      (procedures: number) => write(writing, procedures),
    ]),
  ),
}

const project = createUserProject()
try {
  // Seen from the built program.
  project.install(PEER_PACKAGES, fileURLToPath(new URL('../peers/node_modules', import.meta.url)))
  const figures = sizes.flatMap((procedures) => Object.keys(PROGRAMS).map((title) => count(project, title, procedures)))
  process.stdout.write(JSON.stringify(figures))
} finally {
  project.remove()
}

function count({ write }: UserProject, title: string, procedures: number): TypeFigures {
  const files = PROGRAMS[title]?.(procedures) ?? {}
  const name = join(title.replaceAll(/\W/g, ''), String(procedures))
  const folder = write(name, files)
  const whole = compile([join(folder, 'main.ts')], { rootDir: folder, outDir: join(folder, 'dist') })
  // Only of the first: of a large router that isn't split by hand, the compiler prints no declarations.
  if (procedures !== sizes[0]) return { title, procedures, program: whole.counts, client: null }
  whole.emit()
  write(join(name, 'dist'), { 'main.ts': files['main.ts'] ?? '' })
  const { counts } = compile([join(folder, 'dist/main.ts')], { rootDir: folder })
  return { title, procedures, program: whole.counts, client: counts }
}
