import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { plain, tablesByHeading } from '../transcripts/markdown-table.ts'
import { ENDINGS, type Ending } from './fixture/endings.ts'
import { FAST, KINDS, type Kind, Stage, turn } from './fixture/stage.ts'

const tables = tablesByHeading(readFileSync(new URL('../../docs/RELIABILITY.md', import.meta.url), 'utf8'))

/** The words of the tables' heads. */
const COLUMNS: Readonly<Record<Kind, string>> = {
  query: 'query',
  mutation: 'mutation',
  idempotent: '`.idempotent()`',
  key: 'with a key',
}

/** One cell of a table of docs/RELIABILITY.md. */
interface Cell {
  readonly row: string
  readonly kind: Kind
  readonly says: string
}

function cellsOf(heading: string, nameOf: (row: Readonly<Record<string, string>>) => string): readonly Cell[] {
  const [table = []] = tables.get(heading) ?? []
  return table.flatMap((row) => KINDS.map((kind) => ({ row: nameOf(row), kind, says: plain(row[COLUMNS[kind]]) })))
}

describe('D1: what Hotline does by itself', () => {
  const cells = cellsOf('What Hotline does by itself', (row) => row['the call, when its line broke'] ?? '')

  it('is said for each way in which a line breaks', () => {
    expect(new Set(cells.map(({ row }) => row))).toEqual(new Set(Object.keys(BREAKS)))
  })

  it.each(cells)('$row: a call ($kind) $says', async ({ row, kind, says }) => {
    const { graceMs, happen } = BREAKS[row] as Break // each row has one, as the first test says
    await using stage = new Stage(graceMs)
    const guest = stage.invite(row === 'not sent yet' ? 'shut' : 'open')
    const result = guest.call(kind).catch((error: { readonly code: string }) => error.code)
    if (row !== 'not sent yet') await expect.poll(() => stage.runs, FAST).toBe(1)
    await happen(stage)
    guest.open()
    await expect.poll(() => guest.connection.state.name, FAST).toBe('open')
    await turn()
    stage.release()
    const given = await result
    if (given === 'done') expect(`${stage.runs} run${stage.runs === 1 ? '' : 's'}`).toBe(says)
    else expect(given).toBe(says)
  })
})

interface Break {
  readonly graceMs?: number
  happen(stage: Stage): Promise<void>
}

const BREAKS: Readonly<Record<string, Break>> = {
  'not sent yet': { happen: async () => {} },
  'sent; its session is resumed': { happen: cut },
  'sent; its session is lost': { graceMs: 0, happen: cut },
  'sent; its process is gone': {
    async happen({ server }) {
      await server.stop()
      server.start()
    },
  },
}

async function cut({ server }: Stage): Promise<void> {
  server.cut()
  await turn()
}

describe('D1: what a caller may do', () => {
  const cells = cellsOf('What a caller may do', (row) => `${plain(row.code)}, ${row['the call was']}`)

  it('is said for each end that is no answer', () => {
    expect(new Set(cells.map(({ row }) => row))).toEqual(new Set(Object.keys(ENDINGS)))
  })

  it.each(cells)('$row ($kind): $says', async ({ row, kind, says }) => {
    const end = ENDINGS[row] as Ending // each row has one, as the first test says
    const { stage, error } = await end(kind)
    await using _ = stage
    if (error === undefined) return expect('it goes on').toBe(says)
    expect(error.code).toBe(row.split(',', 1)[0])
    expect(error.mayHaveRun).toBe(!row.endsWith('never sent'))
    expect(stage.runs > 0).toBe(error.mayHaveRun)
    const runs = stage.runs
    stage.release()
    // Another client of the same user: the first one may be closed.
    expect(await stage.invite().call(kind)).toBe('done')
    expect(verdict(kind, error.mayHaveRun, stage.runs - runs)).toBe(says)
  })
})

/** What calling again has done tells who may do it. */
function verdict(kind: Kind, mayHaveRun: boolean, newRuns: number): string {
  if (!mayHaveRun) return 'call again'
  if (newRuns === 0) return 'call again with the key'
  return kind === 'query' || kind === 'idempotent' ? 'call again, it runs again' : 'look first'
}
