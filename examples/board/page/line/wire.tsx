import { useConnection } from '@hotline/react'
import { type ReactNode, useEffect, useState } from 'react'
import { api } from '../hot.ts'
import { useUnsent } from '../state/use-change.ts'
import { useSecondsUntil } from './use-seconds-until.ts'

/** The line, drawn: whole while there is a connection, moving while one is made, cut while there is none. */
export function Wire() {
  const { name, nextRetryAt, reason, offline, retryNow } = useConnection(api)
  const hadConnection = useHasBeen(name === 'open')
  const whatIsWrong = hadConnection ? 'The line is cut' : 'The server does not answer'
  switch (name) {
    case 'open':
      return <Drawn look="whole" text="Connected" />
    case 'idle':
    case 'authorizing':
    case 'connecting':
    case 'greeting':
      return <Drawn look="moving" text={hadConnection ? 'Connecting again' : 'Connecting'} />
    case 'waiting':
      return (
        <Drawn look="cut" reason={reason} text={offline ? 'This device is offline' : whatIsWrong}>
          <Unsent />
          {nextRetryAt !== undefined && <Countdown until={nextRetryAt} />}
          <RetryButton onRetry={retryNow}>Try now</RetryButton>
        </Drawn>
      )
    case 'unauthenticated':
      return (
        <Drawn look="cut" reason={reason} text="The server does not let you in">
          <RetryButton onRetry={retryNow}>Try again</RetryButton>
        </Drawn>
      )
    case 'closed':
      return <Drawn look="cut" reason={reason} text="Hung up" />
  }
}

interface DrawnProps {
  readonly look: 'whole' | 'moving' | 'cut'
  readonly text: string
  /** For the curious, who point at it. */
  readonly reason?: string | undefined
  readonly children?: ReactNode
}

/** Only `text` is announced to those who listen: a countdown would talk without end. */
function Drawn({ look, text, reason, children }: DrawnProps) {
  return (
    <div className="wire" data-look={look}>
      <span className="wire-strand" />
      <span className="wire-label" title={reason}>
        <span className="wire-dot" />
        <span role="status">{text}</span>
        {children}
      </span>
      <span className="wire-strand" />
    </div>
  )
}

function RetryButton({ onRetry, children }: { readonly onRetry: () => void; readonly children: string }) {
  return (
    <button type="button" className="pill-button" onClick={onRetry}>
      {children}
    </button>
  )
}

/** What was done meanwhile waits here and leaves by itself; people want to know that it isn't lost. */
function Unsent() {
  const count = useUnsent()
  if (count === 0) return null
  return <span className="wire-unsent">{count === 1 ? '1 change waits' : `${count} changes wait`} for the line</span>
}

function Countdown({ until }: { readonly until: number }) {
  const seconds = useSecondsUntil(until)
  return (
    <span className="wire-countdown" aria-hidden="true">
      {seconds === 0 ? 'trying again now' : `trying again in ${seconds} s`}
    </span>
  )
}

function useHasBeen(condition: boolean): boolean {
  const [hasBeen, setHasBeen] = useState(condition)
  useEffect(() => {
    if (condition) setHasBeen(true)
  }, [condition])
  return hasBeen
}
