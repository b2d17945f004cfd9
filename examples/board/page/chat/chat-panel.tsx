import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { chatQuery } from '../hot.ts'
import { changes } from '../state/changes.ts'
import { useChange } from '../state/use-change.ts'
import { groupMessages } from './group-messages.ts'
import { MessageGroup } from './message-group.tsx'
import { SayForm } from './say-form.tsx'

export function ChatPanel() {
  const { data, error, refetch } = useQuery(chatQuery)
  const messages = data?.messages
  const say = useChange(changes.say)
  const end = useScrolledToEnd(messages?.length ?? 0)
  return (
    <aside className="chat" aria-label="Chat">
      <h2>Chat</h2>
      <div className="chat-scroll" ref={end} role="log" aria-label="Messages" tabIndex={-1}>
        {messages?.length === 0 && (
          <p className="empty">
            <strong>It’s quiet on the line.</strong> What you say here is heard by everyone who has this page open.
          </p>
        )}
        {groupMessages(messages ?? []).map((group) => (
          <MessageGroup key={group.id} group={group} />
        ))}
      </div>
      {error !== null && (
        <p className="chat-failed problem" role="alert">
          Messages may be missing.
          <button type="button" className="pill-button" onClick={() => void refetch()}>
            Try again
          </button>
        </p>
      )}
      <SayForm onSay={(text, refused) => say({ message: crypto.randomUUID(), text }, refused)} />
    </aside>
  )
}

/** Follows new messages down, unless the reader has scrolled up to older ones. */
function useScrolledToEnd(count: number) {
  const element = useRef<HTMLDivElement>(null)
  const wasAtEnd = useRef(true)
  useEffect(() => {
    const { current } = element
    if (current === null) return
    const remember = () => {
      wasAtEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < 40
    }
    current.addEventListener('scroll', remember, { passive: true })
    return () => current.removeEventListener('scroll', remember)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is what it reacts to
  useEffect(() => {
    if (wasAtEnd.current) element.current?.scrollTo({ top: element.current.scrollHeight })
  }, [count])
  return element
}
