import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { fileURLToPath } from 'node:url'

/** A file of packages, as the rules see it. */
export interface SourceFile {
  /** From the folder packages on: `core/src/session/ring.ts`. */
  readonly path: string
  readonly text: string
}

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url))

/** Every source file of every package, tests included. */
export function readSources(): SourceFile[] {
  return readdirSync(PACKAGES).flatMap((name) =>
    readdirSync(`${PACKAGES}${name}/src`, { recursive: true, encoding: 'utf8' })
      .map((file) => `${name}/src/${file.replaceAll('\\', '/')}`)
      .filter((path) => /\.tsx?$/.test(path))
      .sort()
      .map((path) => ({ path, text: readFileSync(PACKAGES + path, 'utf8') })),
  )
}

/** Whether the file is a test, which the rules about layers leave alone. */
export function isTest(file: SourceFile): boolean {
  return /\.test(-d)?\.tsx?$/.test(file.path)
}

/** The package that a path belongs to: `core`. */
export function packageOf(path: string): string {
  return path.slice(0, path.indexOf('/'))
}

/** The folder right below src that a path lies in, `session`; empty for the files of src itself. */
export function folderOf(path: string): string {
  const [, , folder, ...rest] = path.split('/')
  return folder !== undefined && rest.length > 0 ? folder : ''
}

/** The text without its comments: what examples in doc comments import doesn't count. Strings stay as they are. */
export function codeOf(file: SourceFile): string {
  const commentOrString = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g
  return file.text.replace(commentOrString, (match) => (match.startsWith('/') ? ' ' : match))
}

/** What a file imports or exports on from elsewhere, as written; types and dynamic imports too. */
export function importsOf(file: SourceFile): string[] {
  const statement = /(?:^|[;\n}])\s*(?:import|export)\s+(?:[\w*{][^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]/g
  const expression = /\bimport\s*\(\s*['"]([^'"]+)['"]/g
  const code = codeOf(file)
  return [statement, expression].flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''))
}

/** The paths of the files in the same package that a file imports. */
export function neighboursOf(file: SourceFile): string[] {
  return importsOf(file)
    .filter(isRelative)
    .map((specifier) => normalize(join(dirname(file.path), specifier)))
}

/** Whether an import names a file, not a package. */
export function isRelative(specifier: string): boolean {
  return specifier.startsWith('.')
}
