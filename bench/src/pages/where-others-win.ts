import { isFigures, type Results } from '../results.ts'
import { TABLE, TABLE_NAMES } from '../workloads/workloads.ts'

/** Less of a difference is none: two runs differ by as much. */
const NOTICEABLE = 0.05

/** A line for each workload in which somebody uses less CPU or memory than Hotline, with who and how much. */
export function whereOthersWin({ contenders, workloads, idle }: Results): string {
  const named = contenders.filter(({ name }) => name !== 'hotline')
  const lines = TABLE_NAMES.flatMap((workload) => {
    const ours = workloads[workload]?.hotline
    const winners = named.flatMap(({ name, title }) => {
      const theirs = workloads[workload]?.[name]
      if (!isFigures(theirs) || !isFigures(ours)) return []
      const ratio = theirs.cpuRatio / ours.cpuRatio
      return ratio < 1 - NOTICEABLE ? [`${title} ${ratio.toFixed(2)}`] : []
    })
    return winners.length === 0 ? [] : [`- ${TABLE[workload].title}: ${winners.join(', ')}`]
  })
  const ours = idle.hotline
  const lighter = named.flatMap(({ name, title }) => {
    const theirs = idle[name]
    if (!isFigures(theirs) || !isFigures(ours) || theirs.heapKb > ours.heapKb) return []
    return [`${title} ${(theirs.heapKb / ours.heapKb).toFixed(2)}`]
  })
  const memory = lighter.length === 0 ? [] : [`- memory of an idle connection: ${lighter.join(', ')}`]
  if (lines.length + memory.length === 0) return 'Nobody used noticeably less CPU or memory than Hotline.'
  return `CPU of both ends, or memory, by Hotline's own:\n\n${[...lines, ...memory].join('\n')}`
}
