import { readFile } from 'node:fs/promises'
import type { ContenderName } from '../contenders/contenders.ts'
import { profilesOf } from './profiles.ts'
import { align } from './report.ts'

/** As much of a `.cpuprofile` as is read: a sample is the id of the node that ran, a delta the microseconds before it. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface Frame {
  readonly functionName: string
  readonly url: string
}

/** Where time goes, the first that fits. What is native has no URL. */
const GROUPS: readonly (readonly [title: string, has: (frame: Frame) => boolean])[] = [
  ['idle', ({ functionName }) => functionName === '(idle)'],
  [
    'loading',
    ({ url }) => /node:internal\/(modules|bootstrap|main|process\/pre_execution)|node:path|node:url/.test(url),
  ],
  ['collecting garbage', ({ functionName }) => functionName === '(garbage collector)'],
  ['writing to sockets', ({ functionName, url }) => url === '' && /^write/.test(functionName)],
  ['native', ({ url }) => url === ''],
  ['Node', ({ url }) => url.startsWith('node:')],
  ['ws', ({ url }) => url.includes('/node_modules/ws/')],
  ['JSON', ({ functionName, url }) => isOurs(url) && /^(parseJson|encode)$/.test(functionName)],
  ['Hotline', ({ url }) => isOurs(url)],
  ['the rest', () => true],
]

/** Of no use to compare: it waits, and it has started once. */
const LEFT_OUT: readonly string[] = ['idle', 'loading']

function isOurs(url: string): boolean {
  return /\/packages\/(core|server|client)\//.test(url)
}

/** How long each end of each contender was busy with what, in milliseconds: all of them did the same. */
export async function reportProfiles(
  folder: string,
  workload: string,
  contenders: readonly ContenderName[],
): Promise<string> {
  const ends = contenders.flatMap((contender) =>
    Object.entries(profilesOf(folder, workload, contender)).map(([end, file]) => ({
      title: `${contender} ${end}`,
      file,
    })),
  )
  const columns = await Promise.all(
    ends.map(async ({ file }) => millisecondsOf(JSON.parse(await readFile(file, 'utf8')))),
  )
  const groups = GROUPS.map(([title]) => title).filter((title) => !LEFT_OUT.includes(title))
  const rows = groups.map((group) => [group, ...columns.map((column) => (column.get(group) ?? 0).toFixed(0))])
  return `where the time went, ms\n${align([['', ...ends.map(({ title }) => title)], ...rows])}\n`
}

function millisecondsOf({ nodes, samples, timeDeltas }: CpuProfile): ReadonlyMap<string, number> {
  const groupOf = new Map(nodes.map(({ id, callFrame }) => [id, GROUPS.find(([, has]) => has(callFrame))?.[0] ?? '']))
  const sums = new Map<string, number>()
  samples.forEach((id, index) => {
    const group = groupOf.get(id) ?? ''
    sums.set(group, (sums.get(group) ?? 0) + (timeDeltas[index] ?? 0) / 1_000)
  })
  return sums
}
