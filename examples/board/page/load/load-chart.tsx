import { useConnection } from '@hotline/react'
import { useQuery } from '@tanstack/react-query'
import { api, hot } from '../hot.ts'
import { drawLoad } from './draw-load.ts'

const SECONDS = 60

/** How busy the server was in the last minute. While the line is cut it stands still, and says nothing of now. */
export function LoadChart() {
  const { data } = useQuery(hot.server.load.streamedOptions(undefined, { max: SECONDS }))
  const isOpen = useConnection(api).name === 'open'
  const latest = data?.at(-1)
  if (data === undefined || latest === undefined) return null
  const now = isOpen ? `${percent(latest.busy)} now` : 'unknown now'
  const most = percent(Math.max(...data.map(({ busy }) => busy)))
  const sentence = `How busy the server was in the last minute: ${now}, ${most} at most.`
  const { line, area } = drawLoad(data, SECONDS)
  return (
    <figure className="load" data-old={!isOpen || undefined} title={sentence}>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={sentence}>
        <path className="load-area" d={area} />
        <path className="load-line" d={line} />
      </svg>
      <figcaption aria-hidden="true">
        <span>Server load</span>
        <strong>{isOpen ? percent(latest.busy) : '–'}</strong>
      </figcaption>
    </figure>
  )
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`
}
