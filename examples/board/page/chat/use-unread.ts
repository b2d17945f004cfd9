import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { chatQuery } from '../hot.ts'
import { me } from '../people/who-am-i.ts'

/** How many messages of others have come since the chat was last in view; those there at the start don't count. */
export function useUnread(isInView: boolean): number {
  const messages = useQuery(chatQuery).data?.messages
  const count = messages?.length
  const [seen, setSeen] = useState<number>()
  useEffect(() => {
    if (count !== undefined && (isInView || seen === undefined)) setSeen(count)
  }, [count, isInView, seen])
  if (messages === undefined || seen === undefined || isInView) return 0
  const user = me()
  return messages.slice(seen).filter(({ by }) => by.id !== user.id).length
}
