import { describe, expect, it, vi } from 'vitest'
import { HELLO } from '../end-to-end/raw-client.ts'
import { openGate } from './fixture/gate-stage.ts'
import { type RawHeader, RawUpgrade } from './fixture/raw-upgrade.ts'

/** As a proxy on this machine says it, that everybody here trusts. */
const from = (...addresses: readonly string[]): RawHeader[] => [['X-Forwarded-For', addresses.join(', ')]]
const trustProxy = ['127.0.0.1']

/** Asks that many times, and keeps the sockets open until the block ends. */
async function ask(port: number, headersOf: (index: number) => RawHeader[], count: number) {
  const open: RawUpgrade[] = []
  for (let index = 0; index < count; index++) open.push(await RawUpgrade.ask(port, headersOf(index)))
  return {
    open,
    statuses: open.map(({ status }) => status),
    async [Symbol.asyncDispose]() {
      for (const raw of open) await raw[Symbol.asyncDispose]()
    },
  }
}

describe('caps', () => {
  it('keep one address to its connections: what it writes left of its own address helps nothing', async () => {
    await using gate = await openGate({ trustProxy, limits: { maxConnectionsPerAddress: 3 } })
    await using spoofed = await ask(gate.port, (index) => from(`198.51.100.${index}`, '203.0.113.7'), 5)
    expect(spoofed.statuses).toEqual([101, 101, 101, 429, 429])
    expect(spoofed.open[4]?.body).toBe('This address has as many connections as it may.\n')
    await using other = await RawUpgrade.ask(gate.port, from('203.0.113.8'))
    expect(other.status).toBe(101)
    expect(gate.server.stats().refusals.connectionsPerAddress).toBe(2)
    expect(gate.logger.at('warn')).toHaveLength(1)
  })

  it('keep a network of IPv6 to them as one', async () => {
    await using gate = await openGate({ trustProxy, limits: { maxConnectionsPerAddress: 3 } })
    await using many = await ask(gate.port, (index) => from(`2001:db8:0:1:${index + 1}::1`), 5)
    expect(many.statuses).toEqual([101, 101, 101, 429, 429])
  })

  it('let one address take everything where they are off', async () => {
    const off = { maxConnectionsPerAddress: Infinity, maxUnauthenticatedPerAddress: Infinity }
    await using gate = await openGate({ trustProxy, limits: { ...off, upgradesPerSecond: Infinity } })
    await using many = await ask(gate.port, () => from('203.0.113.7'), 80)
    expect(new Set(many.statuses)).toEqual(new Set([101]))
  })

  it('keep one address to 64 connections that nobody has vouched for, by themselves', async () => {
    await using gate = await openGate({ trustProxy })
    await using many = await ask(gate.port, () => from('203.0.113.7'), 66)
    expect(many.statuses).toEqual([...Array(64).fill(101), 429, 429])
    many.open[0]?.frame(JSON.stringify(['hello', HELLO]))
    await vi.waitFor(() => expect(gate.server.stats().unauthenticated).toBe(63))
    await using next = await RawUpgrade.ask(gate.port, from('203.0.113.7'))
    expect(next.status).toBe(101)
  })

  it('keep all to so many connections, and let another in when one has left', async () => {
    await using gate = await openGate({ limits: { maxConnections: 2 } })
    await using first = await RawUpgrade.ask(gate.port)
    await using second = await RawUpgrade.ask(gate.port)
    await using third = await RawUpgrade.ask(gate.port)
    expect([first.status, second.status, third.status]).toEqual([101, 101, 503])
    await first[Symbol.asyncDispose]()
    await vi.waitFor(async () => {
      await using fourth = await RawUpgrade.ask(gate.port)
      expect(fourth.status).toBe(101)
    })
  })

  it('keep one address to a rate of upgrades, with the time to wait, refused ones counted', async () => {
    await using gate = await openGate({ trustProxy, limits: { upgradesPerSecond: 0.01, upgradesBurst: 3 } })
    const evil: RawHeader = ['Origin', 'https://evil.example']
    await using many = await ask(gate.port, () => [...from('203.0.113.7'), evil], 5)
    expect(many.statuses).toEqual([403, 403, 403, 429, 429])
    expect(many.open[4]?.headers).toMatch(/^Retry-After: (100|99)$/m)
    await using other = await RawUpgrade.ask(gate.port, from('203.0.113.8'))
    expect(other.status).toBe(101)
  })

  it('per address are off for whoever may be a proxy, and the log says what to do', async () => {
    const limits = { maxConnectionsPerAddress: 1 }
    await using gate = await openGate({ limits })
    await using many = await ask(gate.port, () => from('203.0.113.7'), 5)
    expect(new Set(many.statuses)).toEqual(new Set([101]))
    expect(gate.logger.at('warn').map(({ message }) => message)).toEqual([
      expect.stringContaining('trustProxy: ["127.0.0.1"]'),
    ])
    await using without = await openGate({ limits, trustProxy: [] })
    await using few = await ask(without.port, (index) => from(`203.0.113.${index}`), 3)
    expect(few.statuses).toEqual([101, 429, 429])
  })
})
