import type { Rule } from './import-rules.ts'
import { codeOf, isTest, packageOf } from './source-file.ts'

/** What only drivers may touch: a clock, timers, chance. */
const PLATFORM_WORDS = /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|setTimeout|setInterval|setImmediate)/g

/** Names that say nothing about what a file holds. */
const EMPTY_NAMES = /^(utils?|types|helpers?|common|misc|shared)\.tsx?$/

const MAX_LINES = 250

/** Core asks its callers for the time and for chance, so that the simulator can replay a run from its seed. */
export const coreHasNoClock: Rule = (files) =>
  files
    .filter((file) => packageOf(file.path) === 'core' && !isTest(file))
    .flatMap((file) => [...codeOf(file).matchAll(PLATFORM_WORDS)].map((match) => `${file.path} uses ${match[0]}`))

/** Exports have names and are listed by hand. */
export const exportsAreNamed: Rule = (files) =>
  files.flatMap((file) =>
    [...codeOf(file).matchAll(/^\s*export\s+(\*|default\b)|\bas default\b/gm)].map(
      (match) => `${file.path} has "${match[0].trim()}"`,
    ),
  )

/** At 250 lines a file holds two concepts. A test tells the story of one, as long as that is. */
export const filesAreSmall: Rule = (files) =>
  files
    .filter((file) => !isTest(file))
    .map((file) => ({ path: file.path, lines: file.text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines`)

/** One concept a file, in kebab-case, by its name. */
export const filesAreNamed: Rule = (files) =>
  files
    .filter(({ path }) => {
      const name = path.slice(path.lastIndexOf('/') + 1)
      return EMPTY_NAMES.test(name) || !/^[a-z][a-z0-9-]*(\.test(-d)?)?\.tsx?$/.test(name)
    })
    .map(({ path }) => `${path} needs a name in kebab-case that says what it holds`)
