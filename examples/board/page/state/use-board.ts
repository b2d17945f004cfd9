import { useQuery } from '@tanstack/react-query'
import { useLine } from '../line/line.ts'
import { changeLists } from './change-lists.ts'
import { changeMessages } from './change-messages.ts'
import { boardQuery, chatQuery } from './queries.ts'
import { usePending } from './use-pending.ts'

/** The lists as they are shown: what the server has confirmed, and on top of it what was just done here. */
export function useBoard() {
  const { data, error, refetch } = useQuery(boardQuery(useLine().api))
  const pending = usePending(data?.last ?? 0)
  const lists = data === undefined ? undefined : pending.reduce(changeLists, data.lists)
  const sending = new Set(pending.map(({ change }) => ('task' in change ? change.task : undefined)))
  return { lists, sending, error, refetch }
}

/** The messages as they are shown, and which of them are still on their way. */
export function useChat() {
  const { data } = useQuery(chatQuery(useLine().api))
  const pending = usePending(data?.last ?? 0)
  const messages = data === undefined ? undefined : pending.reduce(changeMessages, data.messages)
  const sending = new Set(pending.map(({ change }) => ('message' in change ? change.message : undefined)))
  return { messages, sending }
}
