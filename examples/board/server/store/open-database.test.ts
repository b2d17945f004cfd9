import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MIGRATIONS } from './migrations.ts'
import { openDatabase } from './open-database.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'board-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** Two databases start from nothing here, each of which takes a second or more on a small machine. */
const TIMEOUT_MS = 30_000

describe('a database in a folder', () => {
  it(
    'keeps what was written, and runs each migration once',
    async () => {
      const first = await openDatabase({ folder })
      await first.exec(`insert into lists (id, name) values (gen_random_uuid(), 'Kept')`)
      await first.close()

      const second = await openDatabase({ folder })
      const lists = await second.query('select name from lists')
      const steps = await second.query('select step from migrations')
      await second.close()

      expect(lists.rows).toEqual([{ name: 'Kept' }])
      expect(steps.rows).toHaveLength(MIGRATIONS.length)
    },
    TIMEOUT_MS,
  )
})
