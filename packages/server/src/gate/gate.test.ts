import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Logger } from '../logger.ts'
import { nodeEnvironment } from '../node-environment.ts'
import { type CommonOptions, resolveOptions } from '../options.ts'
import { Gate } from './gate.ts'

function setUp(options: CommonOptions<object>) {
  const warnings: string[] = []
  const logger: Logger = {
    debug: () => {},
    info: () => {},
    warn: (_, message) => warnings.push(message),
    error: () => {},
  }
  const clock = { now: 0 }
  const environment = { ...nodeEnvironment(), now: () => clock.now }
  const gate = new Gate(resolveOptions({ logger, ...options }, environment))
  /** The name of what an upgrade from this address is refused for; `undefined` where it may happen. */
  const refusalOf = (address: string) => gate.check(upgrade(address), gate.strangerOf(upgrade(address)))?.name
  const enter = (address: string) => gate.enter(gate.strangerOf(upgrade(address)))
  return { gate, clock, warnings, refusalOf, enter }
}

/** As much of an upgrade as the gate reads. */
function upgrade(remoteAddress: string, headers: IncomingHttpHeaders = {}): IncomingMessage {
  const sent = { 'sec-websocket-protocol': 'hotline.v1', ...headers }
  return { method: 'GET', socket: { remoteAddress }, headers: sent, rawHeaders: [] } as unknown as IncomingMessage
}

describe('the gate', () => {
  it('lets in as many connections as may be open, whoever they are, and another when one has left', () => {
    const { refusalOf, enter } = setUp({ limits: { maxConnections: 2 } })
    const visit = enter('203.0.113.1')
    enter('127.0.0.1')
    expect(refusalOf('203.0.113.2')).toBe('connections')
    visit.left()
    visit.left()
    expect(refusalOf('203.0.113.2')).toBeUndefined()
    enter('203.0.113.2')
    expect(refusalOf('203.0.113.2')).toBe('connections')
  })

  it('lets in as many as one address may have, and others beside it', () => {
    const { refusalOf, enter } = setUp({ limits: { maxConnectionsPerAddress: 2 } })
    for (const _ of [1, 2]) enter('203.0.113.1').letIn()
    expect(refusalOf('203.0.113.1')).toBe('connectionsPerAddress')
    expect(refusalOf('::ffff:203.0.113.1')).toBe('connectionsPerAddress')
    expect(refusalOf('203.0.113.2')).toBeUndefined()
  })

  it('counts a network of IPv6 as one: whoever has one address there has them all', () => {
    const { refusalOf, enter } = setUp({ limits: { maxConnectionsPerAddress: 1 } })
    enter('2001:db8:0:1::1')
    expect(refusalOf('2001:db8:0:1:ffff::2')).toBe('connectionsPerAddress')
    expect(refusalOf('2001:db8:0:2::1')).toBeUndefined()
  })

  it('keeps room for greetings: who was let in or has left counts no more', () => {
    const { gate, refusalOf, enter } = setUp({ limits: { maxUnauthenticated: 2, maxUnauthenticatedPerAddress: 1 } })
    const first = enter('203.0.113.1')
    expect(refusalOf('203.0.113.1')).toBe('unauthenticatedPerAddress')
    const second = enter('203.0.113.2')
    expect(refusalOf('203.0.113.3')).toBe('unauthenticated')
    first.letIn()
    first.letIn()
    expect(refusalOf('203.0.113.1')).toBeUndefined()
    second.left()
    first.left()
    expect(gate.stats().unauthenticated).toBe(0)
  })

  it('lets upgrades through at their rate, those that it refuses for something else included', () => {
    const { gate, clock, refusalOf } = setUp({ limits: { upgradesPerSecond: 2, upgradesBurst: 3 } })
    const wrong = upgrade('203.0.113.1', { 'sec-websocket-protocol': 'other' })
    for (const _ of [1, 2, 3]) expect(gate.check(wrong, gate.strangerOf(wrong))?.name).toBe('subprotocol')
    expect(gate.check(wrong, '203.0.113.1')).toMatchObject({ name: 'upgradeRate', retryAfterMs: 500 })
    expect(refusalOf('203.0.113.1')).toBe('upgradeRate')
    expect(refusalOf('203.0.113.2')).toBeUndefined()
    clock.now = 500
    expect(refusalOf('203.0.113.1')).toBeUndefined()
  })

  it('looks at no more resumes of whom too many have failed, for as long as that counts', () => {
    const { gate, clock } = setUp({ limits: { failedResumesPerMinute: 2 } })
    for (const _ of [1, 2]) {
      expect(gate.checkResume('203.0.113.1')).toBe(0)
      gate.resumeFailed('203.0.113.1')
    }
    expect(gate.checkResume('203.0.113.1')).toBe(30_000)
    expect(gate.checkResume('203.0.113.2')).toBe(0)
    expect(gate.stats().refusals.failedResumes).toBe(1)
    clock.now = 30_000
    expect(gate.checkResume('203.0.113.1')).toBe(0)
  })

  it.each(['127.0.0.1', '10.0.0.1', 'fd00::1'])(
    'counts nobody for %s until it knows who is a proxy: everybody may be behind it',
    (address) => {
      const limits = { maxConnectionsPerAddress: 0, maxUnauthenticatedPerAddress: 0, upgradesBurst: 0 }
      expect(setUp({ limits }).refusalOf(address)).toBeUndefined()
      expect(setUp({ limits, trustProxy: [] }).refusalOf(address)).toBe('upgradeRate')
      expect(setUp({ limits, trustProxy: ['10.9.9.9'] }).refusalOf(address)).toBe('upgradeRate')
    },
  )

  it('warns once of a proxy that it does not know, with the line to add', () => {
    const { gate, warnings } = setUp({})
    for (const _ of [1, 2]) gate.strangerOf(upgrade('10.0.0.1', { 'x-forwarded-for': '203.0.113.1' }))
    expect(warnings).toEqual([expect.stringContaining('trustProxy: ["10.0.0.1"]')])
  })

  it('warns of no proxy where there is none, or where it knows it', () => {
    const open = setUp({})
    open.gate.strangerOf(upgrade('10.0.0.1'))
    // Any client may write it.
    open.gate.strangerOf(upgrade('203.0.113.1', { 'x-forwarded-for': '203.0.113.9' }))
    const closed = setUp({ trustProxy: ['10.0.0.1'] })
    closed.gate.strangerOf(upgrade('10.0.0.1', { 'x-forwarded-for': '10.7.7.7' }))
    expect([...open.warnings, ...closed.warnings]).toEqual([])
  })

  it('counts what it refused by its reason, and warns once of each limit', () => {
    const { gate, warnings } = setUp({})
    for (const _ of [1, 2]) gate.count('connections', undefined)
    gate.count('upgradeRate', '203.0.113.1')
    gate.count('origin', undefined)
    expect(gate.stats().refusals).toMatchObject({ connections: 2, upgradeRate: 1, origin: 1, method: 0 })
    expect(warnings).toEqual([
      'refused a stranger: This server has as many connections as it may. "stats()" counts the next ones',
      'refused a stranger: Too many connections were opened from this address: wait a while. "stats()" counts the next ones; if it is a proxy of yours, name it in "trustProxy"',
    ])
  })

  it('X3: lets only TLS in where that is asked for, and loopback', () => {
    const { gate } = setUp({ requireTls: true, trustProxy: ['10.0.0.1'] })
    const refusalOf = (request: IncomingMessage) => gate.check(request, undefined)?.name
    expect(refusalOf(upgrade('203.0.113.1'))).toBe('insecure')
    expect(refusalOf(upgrade('203.0.113.1', { 'x-forwarded-proto': 'https' }))).toBe('insecure')
    expect(refusalOf(upgrade('10.0.0.1'))).toBe('insecure')
    expect(refusalOf(upgrade('10.0.0.1', { 'x-forwarded-proto': 'http' }))).toBe('insecure')
    expect(refusalOf(upgrade('127.0.0.1', { 'x-forwarded-for': '203.0.113.1' }))).toBe('insecure')
    expect(refusalOf(upgrade('10.0.0.1', { 'x-forwarded-proto': 'https' }))).toBeUndefined()
    expect(refusalOf(upgrade('127.0.0.1'))).toBeUndefined()
    expect(setUp({}).refusalOf('203.0.113.1')).toBeUndefined()
  })
})
