import { connectionOf } from '@hotline/client'
import { HotlineError } from '@hotline/core'
import { describe, expect, test } from 'vitest'
import type { Adapter } from './adapter.ts'
import { eventually, stage } from './stage.ts'

/** What holds of connections and sessions. */
export function connectionBehaviour(adapter: Adapter): void {
  describe('a connection', () => {
    test('is made by the first call, with what `auth` gives', async () => {
      await using on = await stage(adapter)
      const client = on.connect({ auth: async () => 'ann' })
      expect(connectionOf(client).state.name).toBe('idle')
      expect(on.server.size).toBe(0)
      expect(await client.whoAmI()).toBe('ann')
      expect(connectionOf(client).state.name).toBe('open')
    })

    test('A1: that is cut while calls are out comes back, and each call is answered by its one run', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      const calls = ['a', 'b', 'c'].map((name) => client.wait(name))
      await eventually(() => expect(on.witness.runs).toHaveLength(3))
      on.server.cut()
      on.witness.release()
      expect(await Promise.all(calls)).toEqual(['waited for a', 'waited for b', 'waited for c'])
      expect(on.witness.runs).toEqual(['a', 'b', 'c'])
    })

    test('B3: that finds nobody waits for the server, and what was called meanwhile goes out once', async () => {
      await using on = await stage(adapter)
      await on.server.stop()
      const client = on.connect()
      const calls = [client.note('a'), client.note('b')]
      await eventually(() => expect(attemptOf(client)).toBeGreaterThan(1))
      await on.server.start()
      expect(await Promise.all(calls)).toEqual([1, 2])
      expect(on.witness.runs).toEqual(['a', 'b'])
    })

    test('A6, D2: whose server is replaced runs queries again, and never a mutation', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      const mutation = client.wait('mutation')
      const query = client.waitSafely('query')
      const settled = Promise.allSettled([mutation, query])
      await eventually(() => expect(on.witness.runs).toHaveLength(2))
      await on.server.stop()
      await on.server.start()
      await eventually(() => expect(on.witness.runs).toEqual(['mutation', 'query', 'query']))
      on.witness.release()
      expect(await settled).toMatchObject([
        { status: 'rejected', reason: { code: 'OUTCOME_UNKNOWN', mayHaveRun: true } },
        { status: 'fulfilled', value: 'waited for query' },
      ])
      expect(on.witness.runs).toEqual(['mutation', 'query', 'query'])
    })

    test('B6, D17: whose credentials are refused twice runs nothing, and says so until it is told to connect', async () => {
      let isOpen = false
      const authenticate = () => {
        if (!isOpen) throw new HotlineError('UNAUTHORIZED')
        return { context: { user: 'ann' } }
      }
      await using on = await stage(adapter, { authenticate })
      const client = on.connect()
      await expect(client.note('a')).rejects.toMatchObject({ code: 'UNAUTHORIZED', mayHaveRun: false })
      expect(connectionOf(client).state.name).toBe('unauthenticated')
      await expect(client.note('b')).rejects.toMatchObject({ code: 'UNAUTHORIZED', mayHaveRun: false })
      expect(on.witness.runs).toEqual([])
      isOpen = true
      connectionOf(client).connect()
      expect(await client.note('c')).toBe(1)
    })

    test('whose client is forbidden ends for good', async () => {
      const authenticate = () => {
        throw new HotlineError('FORBIDDEN')
      }
      await using on = await stage(adapter, { authenticate })
      const client = on.connect()
      await expect(client.note('a')).rejects.toMatchObject({ code: 'NOT_SENT', mayHaveRun: false })
      expect(connectionOf(client).state.name).toBe('closed')
    })

    test('B4: whose `auth` fails tries again', async () => {
      await using on = await stage(adapter)
      let attempts = 0
      const auth = () => {
        if (++attempts < 3) throw new Error('There is no token yet.')
        return 'ann'
      }
      expect(await on.connect({ auth }).whoAmI()).toBe('ann')
      expect(attempts).toBe(3)
    })

    test('H8: whose `authenticate` fails for a reason of its own comes back, and the reason stays on the server', async () => {
      let attempts = 0
      const authenticate = () => {
        if (++attempts < 2) throw new Error('The database is away.')
        return { context: { user: 'ann' } }
      }
      await using on = await stage(adapter, { authenticate })
      expect(await on.connect().whoAmI()).toBe('ann')
      expect(on.failures).toMatchObject([{ path: undefined, error: { message: 'The database is away.' } }])
    })

    test('B1: that is closed settles everything as CLOSED and never comes back', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      const stream = await client.events()
      const call = client.wait('a')
      await eventually(() => expect(on.witness.runs).toEqual(['a']))
      const settled = Promise.allSettled([call, stream.result])
      connectionOf(client).close()
      connectionOf(client).close()
      expect(await settled).toMatchObject([
        { reason: { code: 'CLOSED', mayHaveRun: true } },
        { reason: { code: 'CLOSED' } },
      ])
      await expect(client.note('b')).rejects.toMatchObject({ code: 'CLOSED', mayHaveRun: false })
      await eventually(() => expect(on.witness.aborts).toEqual(['SESSION_LOST', 'SESSION_LOST']))
      await eventually(() => expect(on.server.size).toBe(0))
    })

    test('B1: that is closed while `auth` is asked never opens', async () => {
      await using on = await stage(adapter)
      let answer = (_token: string): void => {}
      const auth = () => new Promise<string>((resolve) => (answer = resolve))
      const client = on.connect({ auth })
      const call = client.note('a')
      const settled = expect(call).rejects.toMatchObject({ code: 'CLOSED', mayHaveRun: false })
      connectionOf(client).close()
      answer('late')
      await settled
      expect(on.server.size).toBe(0)
      expect(connectionOf(client).state.name).toBe('closed')
    })
  })
}

function attemptOf(client: object): number {
  const { state } = connectionOf(client)
  return 'attempt' in state ? state.attempt : 0
}
