import { describe, expect, it } from 'vitest'
import { connect, HELLO, type RawClient } from '../end-to-end/raw-client.ts'
import { openGate } from './fixture/gate-stage.ts'

interface Ticket {
  readonly session: string
  readonly secret: string
}

const byName = ({ auth }: { readonly auth: unknown }) => ({ principal: String(auth), context: {} })

/** The fields of the next frame, which must be of this word. */
async function next(client: RawClient, word: string): Promise<Ticket & Readonly<Record<string, unknown>>> {
  const [heard, fields] = await client.hear()
  expect(heard).toBe(word)
  // Our own server's frame.
  return fields as Ticket & Readonly<Record<string, unknown>>
}

async function hello(port: number, fields: object = {}) {
  const client = await connect(port)
  client.say(['hello', { ...HELLO, ...fields }])
  const { session, secret } = await next(client, 'welcome')
  return { client, session, secret }
}

async function resume(port: number, { session, secret }: Ticket, fields: object = {}): Promise<RawClient> {
  const client = await connect(port)
  client.say(['resume', { version: 1, session, secret, generation: 9, received: 0, ...fields }])
  return client
}

describe('X27: a session that somebody else chose', () => {
  const PLANTED = { session: 'planted-session-0000', secret: 's'.repeat(43) }

  it('does not come about: neither hello nor resume make one under a name or with a secret from outside', async () => {
    await using gate = await openGate()
    const { client, session, secret } = await hello(gate.port, PLANTED)
    expect(session).not.toBe(PLANTED.session)
    expect(secret).not.toBe(PLANTED.secret)
    const resumed = await resume(gate.port, PLANTED)
    expect(await next(resumed, 'refused')).toMatchObject({ code: 'SESSION_LOST' })
    expect(gate.server.stats().sessions).toBe(1)
    for (const { socket } of [client, resumed]) socket.terminate()
  })

  it("is not the victim's: who logs in gets another, whatever nonce and client id were planted", async () => {
    await using gate = await openGate({ authenticate: byName })
    const planted = { nonce: 'planted', client: 'planted', generation: 1 }
    const attacker = await hello(gate.port, { ...planted, auth: 'mallory' })
    const victim = await hello(gate.port, { ...planted, auth: 'ann' })
    expect(victim.session).not.toBe(attacker.session)
    const stolen = await resume(gate.port, victim, { auth: 'mallory' })
    expect(await next(stolen, 'refused')).toMatchObject({ code: 'SESSION_LOST' })
    expect(gate.server.stats()).toMatchObject({ sessions: 2, connections: 3 })
    for (const { socket } of [attacker.client, victim.client, stolen]) socket.terminate()
  })

  it('does not outlive another login: the same client that comes as somebody else begins anew', async () => {
    await using gate = await openGate({ authenticate: byName })
    const before = await hello(gate.port, { auth: 'guest' })
    const after = await resume(gate.port, before, { auth: 'ann' })
    expect(await next(after, 'refused')).toMatchObject({ code: 'SESSION_LOST' })
    // On the same connection: the credentials are ann's.
    after.say(['hello', { ...HELLO, generation: 10 }])
    expect((await next(after, 'welcome')).session).not.toBe(before.session)
    for (const { socket } of [before.client, after]) socket.terminate()
  })
})

describe('X25: guesses at a session', () => {
  it('all get one answer, and after a few none: the owner of the address waits, others do not', async () => {
    await using gate = await openGate({ trustProxy: [], limits: { failedResumesPerMinute: 5 } })
    const owner = await hello(gate.port)
    const answers = new Set<string>()
    for (let guess = 0; guess < 5; guess++) {
      const guesser = await resume(
        gate.port,
        guess % 2 === 0 ? { ...owner, secret: `${guess}` } : { session: `${guess}`, secret: owner.secret },
      )
      answers.add(JSON.stringify(await next(guesser, 'refused')))
      guesser.socket.terminate()
    }
    expect(answers.size).toBe(1)
    const late = await resume(gate.port, owner)
    expect(await next(late, 'refused')).toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfterMs: expect.any(Number) })
    expect((await late.closed).code).toBe(4329)
    expect(gate.server.stats().refusals.failedResumes).toBe(1)
    // The one who has the line keeps it.
    owner.client.say([1, 0, ['call', 1, 'run']])
    expect((await owner.client.hear())[2]).toEqual(['result', 1, 1])
    owner.client.socket.terminate()
  })

  it('go on for ever without that limit, and find nothing', async () => {
    await using gate = await openGate({
      trustProxy: [],
      limits: { failedResumesPerMinute: Infinity, upgradesPerSecond: Infinity },
    })
    const owner = await hello(gate.port)
    for (let guess = 0; guess < 60; guess++) {
      const guesser = await resume(gate.port, { ...owner, secret: `${guess}` })
      expect(await next(guesser, 'refused')).toMatchObject({ code: 'SESSION_LOST' })
      guesser.socket.terminate()
    }
    const back = await resume(gate.port, owner)
    await next(back, 'resumed')
    back.socket.terminate()
  })
})

describe('a session whose two ends disagree about what was delivered', () => {
  it('ends with the connection that carried it: nothing runs there any more, and its bye ends nothing else', async () => {
    await using gate = await openGate({ authenticate: byName })
    const nonce = 'the same for both'
    const older = await hello(gate.port, { auth: 'ann', nonce })
    const newer = await resume(gate.port, older, { auth: 'ann', received: 7 })
    expect(await next(newer, 'refused')).toMatchObject({ code: 'STATE_MISMATCH' })
    older.client.say([1, 0, ['call', 1, 'run']], ['bye'])
    expect((await older.client.closed).code).toBe(1006)
    newer.say(['hello', { ...HELLO, auth: 'ann', nonce, generation: 10 }])
    const { session } = await next(newer, 'welcome')
    const again = await hello(gate.port, { auth: 'ann', nonce, generation: 11 })
    expect([again.session, gate.runs.count]).toEqual([session, 0])
    for (const { socket } of [newer, again.client]) socket.terminate()
  })
})
