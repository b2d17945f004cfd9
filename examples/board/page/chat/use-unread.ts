import { useEffect, useState } from 'react'
import { useLine } from '../line/line.ts'
import { useChat } from '../state/use-board.ts'

/** How many messages of others have come since the chat was last in view; those there at the start don't count. */
export function useUnread(isInView: boolean): number {
  const { user } = useLine()
  const { messages } = useChat()
  const count = messages?.length
  const [seen, setSeen] = useState<number>()
  useEffect(() => {
    if (count !== undefined && (isInView || seen === undefined)) setSeen(count)
  }, [count, isInView, seen])
  if (messages === undefined || seen === undefined || isInView) return 0
  return messages.slice(seen).filter(({ by }) => by.id !== user.id).length
}
