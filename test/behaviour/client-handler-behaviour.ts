import { type ClientOptions, clientHandlers, connectionOf, safe } from '@hotline/client'
import type { ConnectedClient, ServerFailure, ServerLimits } from '@hotline/server'
import { describe, expect, test } from 'vitest'
import type { Adapter } from './adapter.ts'
import { Witness } from './behaviour-router.ts'
import { type AskingApi, answersOf, askingRouter, type Caller, type ClientApi } from './client-handler-router.ts'
import { eventually } from './stage.ts'

/** What holds of calls that the server makes. */
export function clientHandlerBehaviour(adapter: Adapter): void {
  describe("a client's handler", () => {
    test('answers the server, in the middle of a call that waits for the answer', async () => {
      await using on = await dialogue(adapter)
      const answers = await Promise.all(['a', 'bb', 'ccc'].map((text) => on.api.ask(text)))
      expect(answers).toEqual(['answer 1', 'answer 2', 'answer 3'])
      expect(on.witness.runs).toEqual(['a', 'bb', 'ccc'])
    })

    test('is reached from outside a call, by the principal that authentication gave', async () => {
      await using on = await dialogue(adapter)
      expect(await on.client.client.confirm({ text: 'sure?' })).toBe(5)
      expect(on.client).toMatchObject({ principal: 'ann', context: { user: 'ann' }, state: 'open' })
      expect(on.server.connections.of('bob')).toEqual([])
      expect(on.server.connections.all()).toHaveLength(1)
    })

    test('gets headers, and the declared errors that it throws arrive typed', async () => {
      await using on = await dialogue(adapter)
      const { client } = on.client
      expect(await client.header('trace', { headers: { trace: 't1' } })).toBe('t1')
      const reply = await safe(client.confirm({ text: 'busy' }))
      expect(!reply.ok && reply.error.code === 'BUSY' && reply.error.data.until).toBe(5)
    })

    test('with bad input, or where there is none, never runs', async () => {
      await using on = await dialogue(adapter)
      const { client } = on.client
      // Both are what the types forbid.
      const bad = client.confirm({ text: 1 as never })
      await expect(bad).rejects.toMatchObject({ code: 'BAD_INPUT', mayHaveRun: false, data: { issues: [{}] } })
      const nowhere = (client as unknown as { nowhere(): Promise<void> }).nowhere()
      await expect(nowhere).rejects.toMatchObject({ code: 'NOT_FOUND', mayHaveRun: false })
      for (const path of ['__proto__x', 'hasOwnProperty', 'confirm.confirm']) {
        const call = (client as unknown as Record<string, () => Promise<void>>)[path]?.()
        await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND' })
      }
      expect(on.witness.runs).toEqual([])
    })

    test('that throws gives its server INTERNAL with an id, and its own `onError` the reason', async () => {
      await using on = await dialogue(adapter)
      const failure = await on.client.client.broken().catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'INTERNAL', data: { id: expect.any(String) }, mayHaveRun: true })
      const { id } = (failure as { readonly data: { readonly id: string } }).data
      expect(on.clientFailures).toMatchObject([{ path: 'broken', id, error: new Error('a page is broken') }])
      expect(JSON.stringify(failure)).not.toContain('page')
    })

    test('is aborted by the deadline of its call, and by the signal that its server gave', async () => {
      await using on = await dialogue(adapter)
      const { client } = on.client
      await expect(client.wait('a', { timeoutMs: 30 })).rejects.toMatchObject({ code: 'TIMEOUT', mayHaveRun: true })
      const controller = new AbortController()
      const call = client.wait('b', { signal: controller.signal })
      await eventually(() => expect(on.witness.runs).toEqual(['a', 'b']))
      controller.abort()
      await expect(call).rejects.toMatchObject({ code: 'CANCELLED', mayHaveRun: true })
      await eventually(() => expect(on.witness.aborts).toHaveLength(2))
      expect(on.witness.aborts[1]).toBe('CANCELLED')
    })

    test('stops when the call that it helps is cancelled, where the signal was passed on', async () => {
      await using on = await dialogue(adapter)
      const controller = new AbortController()
      const call = on.api.askWhileWanted('a', { signal: controller.signal })
      await eventually(() => expect(on.witness.runs).toEqual(['a']))
      controller.abort()
      await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
      await eventually(() => expect(on.witness.aborts).toEqual(['CANCELLED']))
      // Being told to stop is no failure.
      expect(await on.api.hello()).toBe('ann')
      expect(on.failures).toEqual([])
    })

    test('A1: runs once and answers though the line is cut meanwhile', async () => {
      await using on = await dialogue(adapter)
      const { client } = on.client
      const calls = [client.wait('a'), client.wait('b')]
      await eventually(() => expect(on.witness.runs).toEqual(['a', 'b']))
      on.hold()
      on.server.cut()
      await eventually(() => expect(on.client.state).toBe('away'))
      calls.push(client.wait('c'))
      on.comeBack()
      await eventually(() => expect(on.witness.runs).toEqual(['a', 'b', 'c']))
      on.witness.release()
      expect(await Promise.all(calls)).toEqual(['waited for a', 'waited for b', 'waited for c'])
      expect(on.witness.runs).toEqual(['a', 'b', 'c'])
      expect(on.client.state).toBe('open')
    })

    test('A13: is aborted when the session is lost, and its server is told what may have run', async () => {
      await using on = await dialogue(adapter, { graceMs: 0 })
      const { client } = on.client
      const call = client.wait('a')
      const stream = await client.clicks(0)
      await eventually(() => expect(on.witness.runs).toEqual(['a']))
      on.server.cut()
      await expect(call).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
      await expect(stream.result).rejects.toMatchObject({ code: 'SESSION_LOST' })
      expect(on.client.state).toBe('ended')
      await expect(client.wait('b')).rejects.toMatchObject({ code: 'NOT_SENT', mayHaveRun: false })
      await eventually(() => expect(on.witness.aborts).toEqual(['SESSION_LOST', 'SESSION_LOST']))
      // The client comes back as another one, which gets nothing of all that.
      await eventually(() => expect(on.server.connections.of('ann')).toHaveLength(1))
      expect(await on.server.connections.of<ClientApi>('ann')[0]?.client.confirm({ text: 'new' })).toBe(3)
      expect(on.witness.runs).toEqual(['a', 'new'])
    })

    test('of a client that never comes back was not called: what never left says so', async () => {
      await using on = await dialogue(adapter)
      const { client } = on.client
      on.hold()
      on.server.cut()
      await eventually(() => expect(on.client.state).toBe('away'))
      const call = client.confirm({ text: 'too late' })
      await on.server.stop()
      await expect(call).rejects.toMatchObject({ code: 'NOT_SENT', mayHaveRun: false })
      expect(on.client.state).toBe('ended')
    })

    test('streams to its server, and stops when the server leaves', async () => {
      await using on = await dialogue(adapter)
      expect(await on.api.sum(300)).toBe(45_150)
      for await (const click of await on.client.client.clicks(9)) if (click === 2) break
      await eventually(() => expect(on.witness.disposed).toBe(2))
    })

    test('takes what its server streams in, across a cut', async () => {
      await using on = await dialogue(adapter)
      async function* numbers() {
        for (let number = 1; number <= 2_000; number++) {
          if (number === 1_000) on.server.cut()
          yield number
        }
      }
      expect(await on.client.client.total(undefined, { items: numbers() })).toBe(2_001_000)
    })

    test('of which 256 run at once refuses a further one', async () => {
      await using on = await dialogue(adapter)
      const { client } = on.client
      const calls = Array.from({ length: 256 }, (_, index) => client.wait(String(index)))
      await expect(client.wait('one more')).rejects.toMatchObject({ code: 'TOO_MANY_CALLS', mayHaveRun: false })
      on.witness.release()
      expect(new Set(await Promise.all(calls)).size).toBe(256)
      expect(await client.confirm({ text: 'again' })).toBe(5)
    })

    test('is not called for what a revoked client was asked, and never again', async () => {
      await using on = await dialogue(adapter)
      expect(on.server.connections.of('ann')).toHaveLength(1)
      const { client } = on.client
      const call = client.wait('a')
      await eventually(() => expect(on.witness.runs).toEqual(['a']))
      on.server.revoke('ann')
      await expect(call).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      await expect(client.confirm({ text: 'b' })).rejects.toMatchObject({ code: 'NOT_SENT' })
      expect(on.client.state).toBe('ended')
      expect(on.witness.runs).toEqual(['a'])
    })
  })
}

/** A client that is connected and serves, and its server. */
async function dialogue(adapter: Adapter, limits: Partial<ServerLimits> = {}) {
  const witness = new Witness()
  const failures: ServerFailure[] = []
  const server = await adapter.start<AskingApi, Caller>(askingRouter(), {
    authenticate: ({ auth }) => ({ principal: String(auth), context: { user: String(auth) } }),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    onError: (failure) => failures.push(failure),
    limits,
  })
  const clientFailures: unknown[] = []
  let mayConnect = Promise.resolve()
  let comeBack = () => {}
  const options: Omit<ClientOptions, 'url' | 'WebSocket'> = {
    auth: () => mayConnect.then(() => 'ann'),
    handlers: clientHandlers(answersOf(witness)),
    onError: (failure) => clientFailures.push(failure),
  }
  const api = server.connect(options)
  const connection = connectionOf(api)
  connection.subscribe(() => {
    if (connection.state.name === 'waiting')
      setImmediate(() => connection.state.name === 'waiting' && connection.connect())
  })
  expect(await api.hello()).toBe('ann')
  // It has just called.
  const client = server.connections.of<ClientApi>('ann')[0] as ConnectedClient<ClientApi, Caller>
  const end = async () => {
    connection.close()
    witness.release()
    await server.stop()
    expect(server.connections.all()).toEqual([])
  }
  /** The client doesn't connect again until it comes back. */
  const hold = () => {
    mayConnect = new Promise((resolve) => {
      comeBack = resolve
    })
  }
  return {
    witness,
    failures,
    server,
    clientFailures,
    api,
    client,
    hold,
    comeBack: () => comeBack(),
    [Symbol.asyncDispose]: end,
  }
}
