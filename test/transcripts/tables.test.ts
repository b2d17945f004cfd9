import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ERROR_CODES } from '../../packages/core/src/contract/error-code.ts'
import { CHECKS, type CheckName } from '../../packages/core/src/protocol/check.ts'
import { CLOSE_CODES, type CloseName, endsSession } from '../../packages/core/src/protocol/close-code.ts'
import { CONTROL_FRAMES, RESUME_REFUSALS } from '../../packages/core/src/protocol/control.ts'
import { PROTOCOL_LIMITS } from '../../packages/core/src/protocol/limits.ts'
import { MESSAGES } from '../../packages/core/src/protocol/message.ts'
import { LIVENESS } from '../../packages/core/src/session/liveness.ts'
import { number, plain, type Table, tablesByHeading } from './markdown-table.ts'

const markdown = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8')
const tables = tablesByHeading(markdown)

describe("PROTOCOL.md's tables are those of the code:", () => {
  test('close codes', () => {
    const written = table('Close codes').map(({ code, name, ...row }) => ({
      name: plain(name),
      code: number(code),
      ends: row['the session'] === 'ends',
    }))
    // The keys of a table are its names. Written they stand in the order of their codes.
    const names = Object.keys(CLOSE_CODES) as CloseName[]
    names.sort((one, other) => CLOSE_CODES[one] - CLOSE_CODES[other])
    expect(written).toEqual(names.map((name) => ({ name, code: CLOSE_CODES[name], ends: endsSession(name) })))
  })

  test('error codes', () => {
    const written = table('Errors').map((row) => [plain(row.code), row['a handler may throw it'] === 'yes'])
    expect(written).toEqual(Object.entries(ERROR_CODES).map(([code, { throwable }]) => [code, throwable]))
  })

  test('limits and defaults', () => {
    expect(numbers(table('Limits'), 'value')).toEqual(PROTOCOL_LIMITS)
    expect(numbers(table('Liveness'), 'ms')).toEqual(LIVENESS)
  })

  test('the reasons for refusing a resume', () => {
    const written = table('refused', 1).map(({ code, says }) => [plain(code), says])
    expect(Object.fromEntries(written)).toEqual(RESUME_REFUSALS)
  })

  test.each(Object.entries(CONTROL_FRAMES))('the fields of the control frame %s', (word, shape) => {
    if (typeof shape === 'string') return expect(tables.get(word)).toEqual([])
    expect(fields(table(word), 'field')).toEqual(expectations(Object.entries(shape)))
  })

  test.each(Object.entries(MESSAGES))('the parts of the message %s', (word, { required, value, fields: own }) => {
    const positions = required as readonly (readonly [string, CheckName])[]
    expect(fields(table(word), 'part')).toEqual([
      ...expectations(positions),
      ...(value ? [['value', '']] : []),
      ...expectations(Object.entries(own ?? {})),
    ])
  })

  test('what each control frame and each message is called', () => {
    const headings = [...markdown.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(expect.arrayContaining([...Object.keys(CONTROL_FRAMES), ...Object.keys(MESSAGES)]))
  })
})

describe('a table that is wrong', () => {
  test('in a number, a field or a missing row is another one', () => {
    const [wrong = []] =
      tablesByHeading('## x\n\n| name | value |\n|---|---|\n| `frameBytes` | 131,073 |\n').get('x') ?? []
    expect(numbers(wrong, 'value')).toEqual({ frameBytes: PROTOCOL_LIMITS.frameBytes + 1 })
    expect(fields([{ part: '`id`', type: 'a string' }], 'part')).toEqual([['id', 'a string']])
  })
})

function table(heading: string, index = 0): Table {
  return (
    tables.get(heading)?.[index] ?? expect.fail(`PROTOCOL.md has no table ${index} behind the heading "${heading}".`)
  )
}

function numbers(rows: Table, column: string): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [plain(row.name), number(row[column])]))
}

function fields(rows: Table, column: string): [name: string, type: string][] {
  return rows.map((row) => [plain(row[column]), row.type ?? ''])
}

function expectations(shape: readonly (readonly [string, CheckName])[]): [name: string, type: string][] {
  return shape.map(([field, check]) => [field, CHECKS[check].expects])
}
