import { useConnection } from '@hotline/react'
import { useHotline } from './hotline.ts'

/** How the line is. What the server renders says what is true there: there is none yet. */
export function Line() {
  const { api } = useHotline()
  const { name, nextRetryAt, retryNow } = useConnection(api)
  return (
    <span role="status" data-line={name}>
      {wordsFor(name)}{' '}
      {nextRetryAt !== undefined && (
        <button type="button" onClick={retryNow}>
          Try now
        </button>
      )}
      {(name === 'unauthenticated' || name === 'closed') && <a href="/">Sign in again</a>}
    </span>
  )
}

function wordsFor(name: ReturnType<typeof useConnection>['name']): string {
  switch (name) {
    case 'idle':
      return 'As of when it was rendered'
    case 'authorizing':
    case 'connecting':
    case 'greeting':
      return 'Connecting'
    case 'open':
      return 'Live'
    case 'waiting':
      return 'The line is cut'
    case 'unauthenticated':
    case 'closed':
      return 'Signed out'
  }
}
