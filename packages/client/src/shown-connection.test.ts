import { describe, expect, it } from 'vitest'
import { connectionOf, createClient } from './create-client.ts'

class NoSocket {
  constructor() {
    throw new Error('no network')
  }
}

// Nothing is asked of it but to fail.
const WebSocket = NoSocket as never

describe('what an application sees of a connection', () => {
  it('is the same object each time', () => {
    const api = createClient({ url: 'wss://app.example', WebSocket })
    expect(connectionOf(api)).toBe(connectionOf(api))
  })

  it('has its state and its numbers, tells of changes to a listener that is called alone, and closes it', async () => {
    const connection = connectionOf(createClient({ url: 'wss://app.example', WebSocket }))
    const names: string[] = []
    const { subscribe } = connection
    const undo = subscribe(() => names.push(connection.state.name))
    connection.connect()
    expect(connection.stats()).toMatchObject({ made: 0, running: 0, rttMs: undefined, streams: [] })
    connection.close()
    undo()
    expect([connection.state.name, names]).toEqual(['closed', ['authorizing', 'closed']])
  })
})
