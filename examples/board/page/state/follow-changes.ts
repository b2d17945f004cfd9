import { type Client, isErrorOf } from '@hotline/client'
import type { QueryClient } from '@tanstack/react-query'
import type { Api } from '../../server/api.ts'
import type { BoardEvent } from '../../shared/model.ts'
import { changeLists } from './change-lists.ts'
import { changeMessages } from './change-messages.ts'
import { keepTrying } from './keep-trying.ts'
import { boardQuery, chatQuery } from './queries.ts'

export interface FollowOptions {
  readonly api: Client<Api>
  readonly queryClient: QueryClient
  readonly signal: AbortSignal
}

/**
 * Keeps the query cache in step with the server until `signal` aborts. The subscription starts at the number up to
 * which the snapshots go. When the line drops, the stream goes on by itself after the last event it received; this
 * function only notices when it ends for another reason, or says that events may be missing, and then starts over.
 */
export async function followChanges({ api, queryClient, signal }: FollowOptions): Promise<void> {
  await keepTrying(async () => {
    const board = await queryClient.ensureQueryData(boardQuery(api))
    const chat = await queryClient.ensureQueryData(chatQuery(api))
    try {
      const stream = await api.changes({ after: Math.min(board.last, chat.last) }, { signal })
      let hasGap = false
      stream.on({
        gap: () => {
          hasGap = true
          void stream[Symbol.asyncDispose]()
        },
      })
      for await (const event of stream) applyEvent(api, queryClient, event)
      if (hasGap) await readAnew(api, queryClient)
    } catch (error) {
      if (!isErrorOf(api.changes, error, 'HISTORY_LOST')) throw error
      startOver(queryClient)
    }
  }, signal)
}

/** An event that a snapshot already contains is passed over: each of the two has its own `last`. */
function applyEvent(api: Client<Api>, queryClient: QueryClient, event: BoardEvent): void {
  queryClient.setQueryData(boardQuery(api).queryKey, (board) => {
    if (board === undefined || event.id <= board.last) return board
    return { last: event.id, lists: changeLists(board.lists, { ...event, seenAt: Date.now() }) }
  })
  queryClient.setQueryData(chatQuery(api).queryKey, (chat) => {
    if (chat === undefined || event.id <= chat.last) return chat
    return { last: event.id, messages: changeMessages(chat.messages, event) }
  })
}

/** What lies in a gap is in newer snapshots. The stream has stopped before they are asked for, so none is overtaken. */
async function readAnew(api: Client<Api>, queryClient: QueryClient): Promise<void> {
  await Promise.all([boardQuery(api), chatQuery(api)].map(({ queryKey }) => queryClient.refetchQueries({ queryKey })))
}

/** The server's board is another one now, with other numbers: forget this one, pending changes included. */
function startOver(queryClient: QueryClient): void {
  queryClient.getMutationCache().clear()
  void queryClient.resetQueries()
}
