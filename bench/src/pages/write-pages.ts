import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { Results } from '../results.ts'
import { allFigures } from './all-figures.ts'
import { charts } from './charts.ts'
import { measuredPart } from './measured-part.ts'

const BEGIN = '<!-- measured: npm run bench writes what follows -->'
const END = '<!-- measured: end -->'

/** Files by their paths below docs. `page` is what docs/PERFORMANCE.md has now: only what is between its marks changes. */
export function pages(results: Results, page: string): Readonly<Record<string, string>> {
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (before === -1 || after === -1) throw new Error(`docs/PERFORMANCE.md has lost a mark: "${BEGIN}" or "${END}".`)
  const measured = `${page.slice(0, before)}${BEGIN}\n\n${measuredPart(results)}\n\n${page.slice(after)}`
  const drawn = Object.entries(charts(results)).map(([name, picture]) => [`bench/${name}`, picture] as const)
  return { 'PERFORMANCE.md': measured, 'bench/all.md': allFigures(results), ...Object.fromEntries(drawn) }
}

/** Writes the results and all that is made from them into a docs folder. */
export async function writePages(docs: URL, results: Results): Promise<void> {
  await mkdir(new URL('bench/', docs), { recursive: true })
  await writeFile(new URL('bench/results.json', docs), `${JSON.stringify(results, null, 2)}\n`)
  await writeMadeFrom(docs, results)
}

/** Writes what is made from the results that are there. */
export async function rewritePages(docs: URL): Promise<void> {
  // A full run has written it.
  await writeMadeFrom(docs, JSON.parse(await readFile(new URL('bench/results.json', docs), 'utf8')) as Results)
}

async function writeMadeFrom(docs: URL, results: Results): Promise<void> {
  const page = await readFile(new URL('PERFORMANCE.md', docs), 'utf8')
  for (const [name, text] of Object.entries(pages(results, page))) await writeFile(new URL(name, docs), text)
}
