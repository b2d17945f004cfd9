import { folderOf, importsOf, isRelative, isTest, neighboursOf, packageOf, type SourceFile } from './source-file.ts'

/** A rule reads all files and gives a sentence for each place that breaks it. */
export type Rule = (files: readonly SourceFile[]) => string[]

/** Which packages a package may import. A package that isn't here may import none. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  client: ['core'],
  server: ['core'],
  react: ['client', 'core'],
  testing: ['client', 'core', 'server'],
}

/** The entries that a package has besides its own name. Those of client and server are for testing alone. */
const EXTRA_ENTRIES: Readonly<Record<string, readonly string[]>> = {
  core: ['internal'],
  client: ['internal'],
  server: ['internal'],
  react: ['options'],
}

const BROWSER_PACKAGES = ['core', 'client', 'react']

/** Which folders of core a folder of core may import besides itself. A folder that isn't here breaks the rule. */
const CORE_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  patch: [],
  contract: ['patch'],
  codec: [],
  protocol: [],
  session: ['protocol'],
  source: ['contract', 'protocol', 'session'],
  peer: ['codec', 'contract', 'protocol', 'session', 'source'],
}

/** Packages import each other one way, by name, and only through what they export. Tests too. */
export const packagesImportOneWay: Rule = (files) =>
  files.flatMap((file) => {
    const own = packageOf(file.path)
    const strays = neighboursOf(file).filter((path) => !path.startsWith(`${own}/src/`))
    const siblings = importsOf(file).filter((name) => name.startsWith('@hotline/') && !mayImport(own, name))
    return [...strays, ...siblings].map((target) => `${file.path} imports ${target}`)
  })

/** Inside core: patch, protocol and codec know nothing of the others; patch <- contract; protocol <- session <- source <- peer. */
export const coreFoldersImportOneWay: Rule = (files) =>
  ownCode(files, 'core').flatMap((file) => {
    const folder = folderOf(file.path)
    if (folder === '') return []
    const allowed = CORE_FOLDERS[folder]
    if (!allowed) return [`${file.path} lies in a folder that has no row in this rule`]
    return neighboursOf(file)
      .filter((path) => folderOf(path) !== folder && !allowed.includes(folderOf(path)))
      .map((path) => `${file.path} imports ${path}`)
  })

/** Nobody inside a package imports its entries: they are tables of contents for others. */
export const entriesAreForOthers: Rule = (files) =>
  files.flatMap((file) =>
    neighboursOf(file)
      .filter((path) => /^[^/]+\/src\/(index|internal)\.tsx?$/.test(path))
      .map((path) => `${file.path} imports ${path}`),
  )

/** No file imports itself by way of others, type imports included. */
export const importsHaveNoCycles: Rule = (files) => {
  const neighbours = new Map(files.filter((file) => !isTest(file)).map((file) => [file.path, neighboursOf(file)]))
  const done = new Set<string>()
  const cycles: string[] = []

  function visit(path: string, trail: readonly string[]): void {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
    if (trail.includes(path) || done.has(path)) return
    for (const next of neighbours.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }

  for (const path of neighbours.keys()) visit(path, [])
  return cycles
}

/** What browsers run gets its sockets, its time and its chance as arguments, never from Node or ws. */
export const browserCodeNeedsNoNode: Rule = (files) =>
  BROWSER_PACKAGES.flatMap((name) => ownCode(files, name)).flatMap((file) =>
    importsOf(file)
      .filter((name) => !isRelative(name) && (name.startsWith('node:') || name === 'ws'))
      .map((name) => `${file.path} imports ${name}`),
  )

function ownCode(files: readonly SourceFile[], name: string): SourceFile[] {
  return files.filter((file) => packageOf(file.path) === name && !isTest(file))
}

function mayImport(own: string, specifier: string): boolean {
  const [, name = '', ...entry] = specifier.split('/')
  const isExported = entry.length === 0 || (EXTRA_ENTRIES[name] ?? []).includes(entry.join('/'))
  return isExported && (MAY_IMPORT[own] ?? []).includes(name)
}
