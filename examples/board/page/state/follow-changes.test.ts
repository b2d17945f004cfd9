import type { Client } from '@hotline/client'
import { createCaller, gap, hotline, tracked } from '@hotline/server'
import { QueryClient } from '@tanstack/react-query'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Api } from '../../server/api.ts'
import type { BoardEvent, Person } from '../../shared/model.ts'
import { followChanges } from './follow-changes.ts'
import { boardQuery } from './queries.ts'

const stage: Person = { id: 'stage', name: 'Stage' }
const stop = new AbortController()
const queryClient = new QueryClient()

afterEach(() => stop.abort())

function listAdded(id: number): BoardEvent {
  return { id, by: stage, at: new Date(0), change: { type: 'list-added', list: `${id}`, name: `${id}` } }
}

/** A board of lists 1, 2, 3 …, as many as there are. Its first stream misses some of them. */
function boardWithGap() {
  const h = hotline<object>()
  const opened: number[] = []
  let last = 1
  const lists = () => Array.from({ length: last }, (_, index) => ({ id: `${index + 1}`, name: '', tasks: [] }))
  const router = h.router({
    lists: { all: h.query(() => ({ last, lists: lists() })) },
    chat: { recent: h.query(() => ({ last, messages: [] })) },
    changes: h.input(z.object({ after: z.number() })).subscription(async function* ({ input, signal }) {
      opened.push(input.after)
      yield tracked.start(String(input.after))
      if (opened.length === 1) {
        yield tracked('2', listAdded(2))
        last = 5
        yield gap()
        yield tracked('5', listAdded(5))
      }
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    }),
  })
  // The three procedures that following needs are there; the others aren't called.
  return { api: createCaller(router, {}) as unknown as Client<Api>, opened }
}

describe('following the changes', () => {
  it('reads the board anew after a gap, and goes on from there', async () => {
    const { api, opened } = boardWithGap()
    void followChanges({ api, queryClient, signal: stop.signal })
    await expect.poll(() => opened).toEqual([1, 5])
    const lists = queryClient.getQueryData(boardQuery(api).queryKey)?.lists.map(({ id }) => id)
    expect(lists).toEqual(['1', '2', '3', '4', '5'])
  })
})
