import type { Client } from '@hotline/client'
import { queryOptions } from '@tanstack/react-query'
import type { Api } from '../../server/api.ts'
import type { Message } from '../../shared/model.ts'
import type { ShownList } from './change-lists.ts'
import { isAboutTheLine } from './is-about-the-line.ts'

/** What the server has confirmed: a snapshot, and every event up to number `last` applied to it. */
export interface BoardState {
  readonly last: number
  readonly lists: readonly ShownList[]
}

export interface ChatState {
  readonly last: number
  readonly messages: readonly Message[]
}

export function boardQuery(api: Client<Api>) {
  return queryOptions<BoardState>({
    ...kept,
    queryKey: ['board'],
    queryFn: ({ signal }) => api.lists.all(undefined, { signal }),
  })
}

export function chatQuery(api: Client<Api>) {
  return queryOptions<ChatState>({
    ...kept,
    queryKey: ['chat'],
    queryFn: ({ signal }) => api.chat.recent(undefined, { signal }),
  })
}

const kept = {
  // The stream of changes keeps the data fresh; fetching it again would tell nothing new.
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  // Hotline knows better than `navigator.onLine` whether there is a line, and calls wait for it by themselves.
  networkMode: 'always',
  retry: (failures: number, error: Error) => isAboutTheLine(error) || failures < 2,
  structuralSharing: newer,
} as const

/** An answer that was on its way while events came in is older than what is here: it must not take them back. */
function newer(old: unknown, fetched: unknown): unknown {
  const [before, after] = [old, fetched] as [{ last: number } | undefined, { last: number }] // both queries give `last`
  return before !== undefined && before.last > after.last ? before : after
}
