import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Compiled, type Counts, compile } from './compile.ts'
import { generateProgram, type Style } from './generated-program.ts'
import { createUserProject, type UserProject } from './user-project.ts'

/** Compiling takes seconds, and minutes where other work has the machine. */
const TIMEOUT_MS = 120_000

describe('the compiler, on a router of 500 procedures in 25 routers with a call of each', {
  timeout: TIMEOUT_MS,
}, () => {
  let project: UserProject
  let procedures: Compiled
  let floor: Counts

  beforeAll(() => {
    project = createUserProject()
    floor = compileProgram(project, 'plain functions', 500).counts
    procedures = compileProgram(project, 'procedures', 500)
  }, TIMEOUT_MS)
  afterAll(() => project.remove())

  it('makes at most 71,000 types and 560,000 instantiations', () => {
    expectAtMost(procedures.counts, { types: 71_000, instantiations: 560_000 })
  })

  it('makes at most 36 types and 280 instantiations more for a procedure than for a plain function', () => {
    expectAtMost(procedures.counts, { types: floor.types + 500 * 36, instantiations: floor.instantiations + 500 * 280 })
  })

  it('makes at most 113,000 types and 750,000 instantiations when each procedure declares an error', () => {
    const { counts } = compileProgram(project, 'procedures with an error', 500)
    expectAtMost(counts, { types: 113_000, instantiations: 750_000 })
  })

  it('makes at most 7,000 types and 11,000 instantiations for a client on emitted declarations', () => {
    expectAtMost(compileClient(project, procedures, 500), { types: 7_000, instantiations: 11_000 })
  })

  it('makes at most 95 types and 525 instantiations more for the query options of a procedure than for a call', () => {
    project.installQueryOptions()
    const { counts } = compileProgram(project, 'query options', 500)
    const { types, instantiations } = procedures.counts
    expectAtMost(counts, { types: types + 500 * 95, instantiations: instantiations + 500 * 525 })
  })

  it('makes at most twice as many for 1,000 procedures', () => {
    const twice = compileProgram(project, 'procedures', 1000)
    expectAtMost(twice.counts, double(procedures.counts))
    expectAtMost(compileClient(project, twice, 1000), double(compileClient(project, procedures, 500)))
  })
})

function compileProgram(project: UserProject, style: Style, count: number): Compiled {
  const folder = project.write(join(style, String(count)), generateProgram(style, count))
  return compile([join(folder, 'main.ts')], { rootDir: folder, outDir: join(folder, 'dist') })
}

/** The same calls, in a program that has only the declarations of the server's. */
function compileClient(project: UserProject, server: Compiled, count: number): Counts {
  server.emit()
  const folder = project.write(join('procedures', String(count), 'dist'), {
    'main.ts': generateProgram('procedures', count)['main.ts'] ?? '',
  })
  return compile([join(folder, 'main.ts')], { rootDir: folder }).counts
}

function double({ types, instantiations }: Counts): Counts {
  return { types: 2 * types, instantiations: 2 * instantiations }
}

function expectAtMost(counts: Counts, limit: Counts): void {
  expect(counts.types).toBeLessThanOrEqual(limit.types)
  expect(counts.instantiations).toBeLessThanOrEqual(limit.instantiations)
}
