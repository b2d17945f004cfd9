import { describe, expect, test } from 'vitest'
import { coreHasNoClock, exportsAreNamed, filesAreNamed, filesAreSmall } from './architecture/code-rules.ts'
import {
  browserCodeNeedsNoNode,
  coreFoldersImportOneWay,
  entriesAreForOthers,
  importsHaveNoCycles,
  packagesImportOneWay,
  type Rule,
} from './architecture/import-rules.ts'
import { importsOf, readSources, type SourceFile } from './architecture/source-file.ts'

/** Paths and what stands in them. */
type Files = Readonly<Record<string, string>>

/** A rule with the name that completes "the sources ...", small examples that break it, and one that keeps it. */
interface Row {
  readonly name: string
  readonly rule: Rule
  readonly bad: readonly Files[]
  readonly good: Files
}

const RULES: readonly Row[] = [
  {
    name: 'import other packages one way, by name and through their entries',
    rule: packagesImportOneWay,
    bad: [
      { 'core/src/peer/call.ts': "import { serve } from '@hotline/server'" },
      { 'client/src/client.ts': "import type { Server } from '@hotline/server'" },
      { 'server/src/serve.ts': "export { createClient } from '@hotline/client'" },
      { 'server/src/serve.test.ts': "import { createClient } from '@hotline/client'" },
      { 'client/src/client.ts': "import { useApi } from '@hotline/react'" },
      { 'client/src/client.ts': "import { Ring } from '@hotline/core/src/session/ring.ts'" },
      { 'client/src/client.ts': "import { Ring } from '../../core/src/session/ring.ts'" },
      { 'core/src/peer/call.ts': "import { tracked } from '@hotline/core'" },
      { 'unheard/src/of.ts': "import { tracked } from '@hotline/core'" },
    ],
    good: {
      'client/src/client.ts': "import { Peer } from '@hotline/core/internal'\nimport { nanoid } from 'nanoid'",
      'react/src/hooks.ts': "import { createClient } from '@hotline/client'",
      'testing/src/world.ts': "import { createClient } from '@hotline/client'\nimport { serve } from '@hotline/server'",
    },
  },
  {
    name: 'import the folders of core one way',
    rule: coreFoldersImportOneWay,
    bad: [
      { 'core/src/contract/router.ts': "import type { Codec } from '../codec/codec.ts'" },
      { 'core/src/codec/codec.ts': "import { LIMITS } from '../protocol/limits.ts'" },
      { 'core/src/protocol/frame.ts': "import type { Ring } from '../session/ring.ts'" },
      { 'core/src/session/ring.ts': "import type { Call } from '../peer/call.ts'" },
      { 'core/src/session/ring.ts': "import type { Router } from '../contract/router.ts'" },
      { 'core/src/unheard/of.ts': 'export const x = 1' },
    ],
    good: {
      'core/src/peer/call.ts': "import { Ring } from '../session/ring.ts'\nimport { Codec } from '../codec/codec.ts'",
      'core/src/session/ring.ts': "import { LIMITS } from '../protocol/limits.ts'",
      'core/src/internal.ts': "export { Call } from './peer/call.ts'",
    },
  },
  {
    name: 'leave the entries of their own package to others',
    rule: entriesAreForOthers,
    bad: [
      { 'core/src/peer/call.ts': "import { tracked } from '../index.ts'" },
      { 'client/src/client.test.ts': "import { createClient } from './index.ts'" },
      { 'core/src/index.ts': "export { Ring } from './internal.ts'" },
    ],
    good: { 'core/src/index.ts': "export { tracked } from './contract/tracked.ts'" },
  },
  {
    name: 'have no import cycles',
    rule: importsHaveNoCycles,
    bad: [
      { 'core/src/a.ts': "import { a } from './a.ts'" },
      { 'core/src/a.ts': "import { b } from './b.ts'", 'core/src/b.ts': "import type { a } from './a.ts'" },
      {
        'core/src/a.ts': "import { b } from './x/b.ts'",
        'core/src/x/b.ts': "export { c } from './c.ts'",
        'core/src/x/c.ts': "type A = import('../a.ts').A",
      },
    ],
    good: {
      'core/src/a.ts': "import { b } from './b.ts'\nimport { c } from './c.ts'",
      'core/src/b.ts': "import { c } from './c.ts'",
      'core/src/c.ts': "/** Use it so: import { a } from './a.ts' */\n// import './b.ts'",
    },
  },
  {
    name: 'keep Node out of what browsers run',
    rule: browserCodeNeedsNoNode,
    bad: [
      { 'core/src/peer/call.ts': "import { randomUUID } from 'node:crypto'" },
      { 'client/src/transport.ts': "import type WebSocket from 'ws'" },
    ],
    good: {
      'core/src/codec/codec.ts': "import superjson from 'superjson'",
      'core/src/codec/codec.test.ts': "import { readFileSync } from 'node:fs'",
      'server/src/serve.ts': "import { createServer } from 'node:http'",
    },
  },
  {
    name: 'keep clocks, timers and chance out of core',
    rule: coreHasNoClock,
    bad: [
      { 'core/src/peer/call.ts': 'const now = Date.now()' },
      { 'core/src/peer/call.ts': 'const now = new Date()' },
      { 'core/src/peer/call.ts': 'const now = performance.now()' },
      { 'core/src/session/backoff.ts': 'const wait = (random = Math.random) => random()' },
      { 'core/src/session/alarm.ts': 'setTimeout(wake, 1)' },
      { 'core/src/session/alarm.ts': 'globalThis.setInterval(wake, 1)' },
    ],
    good: {
      'core/src/session/alarm.ts': '// Never Date.now() here.\nconst at = now + 1',
      'client/src/driver.ts': 'setTimeout(wake, 1)',
    },
  },
  {
    name: 'export by name, listed by hand',
    rule: exportsAreNamed,
    bad: [
      { 'core/src/index.ts': "export * from './contract/router.ts'" },
      { 'core/src/index.ts': "export * as contract from './contract/router.ts'" },
      { 'core/src/ring.ts': 'export default class Ring {}' },
      { 'core/src/ring.ts': 'export { Ring as default }' },
    ],
    good: { 'core/src/index.ts': "export { Ring } from './session/ring.ts'" },
  },
  {
    name: 'have no file over 250 lines',
    rule: filesAreSmall,
    bad: [{ 'core/src/ring.ts': 'x\n'.repeat(251) }],
    good: { 'core/src/ring.ts': 'x\n'.repeat(250) },
  },
  {
    name: 'have files with names in kebab-case that say what they hold',
    rule: filesAreNamed,
    bad: [{ 'core/src/session/utils.ts': '' }, { 'core/src/types.ts': '' }, { 'core/src/session/sendRing.ts': '' }],
    good: { 'core/src/session/send-ring.ts': '', 'core/src/session/send-ring.test.ts': '' },
  },
]

describe('the sources', () => {
  const sources = readSources()

  test('are found', () => expect(sources.length).toBeGreaterThan(4))

  for (const { name, rule } of RULES) test(name, () => expect(rule(sources)).toEqual([]))
})

describe('each rule finds its bad examples and lets the good one pass: the sources', () => {
  for (const { name, rule, bad, good } of RULES)
    test(name, () => {
      for (const example of bad) expect(rule(filesOf(example)), JSON.stringify(example)).toHaveLength(1)
      expect(rule(filesOf(good))).toEqual([])
    })
})

describe('reading the imports of a file', () => {
  test('finds every way to write one', () => {
    const text = `
      import './plain.ts'
      import fallback, { type One } from "./double.ts"
      import type { Two } from './type.ts'
      import * as everything from './namespace.ts'
      import {
        many,
        lines,
      } from './lines.ts'
      export { three } from './export.ts'; export type { Four } from './export-type.ts'
      type Five = import('./inline-type.ts').Five
      const six = await import('./dynamic.ts')
    `
    const found = importsOf({ path: 'core/src/x.ts', text })
    expect(found.sort()).toEqual(
      ['double', 'dynamic', 'export-type', 'export', 'inline-type', 'lines', 'namespace', 'plain', 'type'].map(
        (name) => `./${name}.ts`,
      ),
    )
  })

  test('passes over comments, strings and what only looks like one', () => {
    const text = `
      /** import { a } from './comment.ts' */
      // import './line.ts'
      const url = 'https://example.test' // import('./behind.ts')
      export const from = 'not-imported'
      const text = "import './string.ts'"
    `
    expect(importsOf({ path: 'core/src/x.ts', text })).toEqual([])
  })
})

function filesOf(files: Files): SourceFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }))
}
