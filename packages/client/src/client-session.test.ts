import { AlarmList, Alarms, type Environment, type Socket } from '@hotline/core/internal'
import { describe, expect, test } from 'vitest'
import { ClientSession } from './client-session.ts'
import { WELCOME } from './fixture/welcome.ts'
import { settings } from './options.ts'

/** A session whose greetings and deferred work are in the test's hands. */
function session() {
  const sent: string[] = []
  const lost: string[] = []
  const deferred: (() => void)[] = []
  let ids = 0
  let throws = false
  const environment: Environment = {
    now: () => 0,
    random: () => 0.5,
    setTimer: () => () => {},
    defer: (callback) => void deferred.push(callback),
    newId: (characters) => `${++ids}`.padStart(characters, 'x'),
  }
  const socket: Socket = {
    bufferedBytes: 0,
    send: (frame) => {
      if (throws) throw new Error('The socket refuses a frame.')
      sent.push(String(frame))
    },
    close: () => {},
    abort: () => {},
    pauseReading: () => {},
  }
  const hooks = {
    wantSocket: () => {},
    lostSocket: (reason: string) => void lost.push(reason),
    tooSlow: () => {},
    progressed: () => {},
  }
  const made = new ClientSession(
    settings({}, () => socket, environment),
    new Alarms(environment, new AlarmList()),
    hooks,
  )
  /** Calls, and doesn't care how that ends. */
  const call = () => void made.caller.call('orders.place', 1, undefined).catch(() => {})
  return {
    made,
    socket,
    sent,
    lost,
    call,
    /** Greets, and gives the fields of the greeting. */
    greet(auth?: unknown, contract?: string) {
      const from = sent.length
      made.greet(socket, auth, contract)
      const [greeting = '', ...behind] = sent.slice(from)
      const [word, fields] = JSON.parse(greeting)
      return { word, fields, behind }
    },
    refuse: () => {
      throws = true
    },
    run: () => {
      for (const callback of deferred.splice(0)) callback()
    },
  }
}

describe("a client's session", () => {
  test('says hello until a server knows it, then resumes by the secret given last', () => {
    const { made, greet } = session()
    const { word, fields } = greet({ token: 't' }, 'c1')
    expect([word, fields.auth, fields.contract]).toEqual(['hello', { token: 't' }, 'c1'])
    expect([made.isKnown, made.node]).toEqual([false, undefined])
    made.welcomed({ ...WELCOME, timeoutMs: 7_000 })
    expect([made.isKnown, made.node, made.serverTimeoutMs]).toEqual([true, 'n1', 7_000])
    expect(greet()).toMatchObject({ word: 'resume', fields: { session: 's1', secret: 'secret', received: 0 } })
    made.resumed({ secret: 'another', received: 0 })
    expect(greet()).toMatchObject({ word: 'resume', fields: { session: 's1', secret: 'another' } })
  })

  test('counts its greetings up, across answers and lost sessions', () => {
    const { made, greet } = session()
    const generations = [greet().fields.generation, greet().fields.generation]
    made.welcomed({ ...WELCOME, received: 1 })
    generations.push(greet().fields.generation)
    made.lose('Gone.')
    generations.push(greet().fields.generation)
    expect(generations).toEqual([1, 2, 3, 4])
  })

  test('repeats a hello with the same nonce, and begins another session with another', () => {
    const { made, greet } = session()
    const [first, again] = [greet(), greet()]
    made.lose('Gone.')
    const other = greet()
    expect(again.fields.nonce).toBe(first.fields.nonce)
    expect(other.fields.nonce).not.toBe(first.fields.nonce)
    expect(other.fields.nonce).toHaveLength(43)
    expect(other.fields.client).toBe(first.fields.client)
  })

  test('puts calls behind its first hello only: a repeated one could be for another process', () => {
    const { made, greet, call } = session()
    call()
    expect(greet().behind).toHaveLength(1)
    expect(made.isFirstAttempt).toBe(true)
    expect(greet().behind).toEqual([])
    expect(made.isFirstAttempt).toBe(false)
    made.lose('Gone.')
    expect(greet().behind).toHaveLength(1)
    expect(made.isFirstAttempt).toBe(true)
  })

  test('counts hellos anew once one was answered', () => {
    const { made, greet } = session()
    greet()
    greet()
    made.welcomed({ ...WELCOME, received: 1 })
    expect(made.isFirstAttempt).toBe(true)
  })

  test('leaves no more behind a greeting than the server takes before it answers', () => {
    const { greet, call } = session()
    call()
    expect(greet('a'.repeat(7_000)).behind).toHaveLength(1)
    const tight = session()
    tight.call()
    expect(tight.greet('a'.repeat(7_900)).behind).toEqual([])
  })

  test('counts the greeting in bytes, not in characters', () => {
    const { greet } = session()
    expect(() => greet('€'.repeat(2_800))).toThrow(/^"auth" gave \d+ bytes more than a greeting has room for/)
    expect(() => greet('a'.repeat(2_800))).not.toThrow()
  })

  test('begins anew where a server answers a repeated hello that has nothing of it: another may have run that', () => {
    const { made, greet } = session()
    greet()
    greet()
    const before = made.current
    made.welcomed(WELCOME)
    expect(made.current).not.toBe(before)
    expect(made.isKnown).toBe(true)
  })

  test.each([
    ['to the first hello', 1, 0],
    ['that has something of it', 2, 1],
  ])('goes on with an answer %s', (_, hellos, received) => {
    const { made, greet } = session()
    for (let hello = 0; hello < hellos; hello++) greet()
    const before = made.current
    made.welcomed({ ...WELCOME, received })
    expect(made.current).toBe(before)
  })

  test('names the generation once its socket carries it again: the secret has arrived, and the one before may end', () => {
    const { made, socket, sent, greet } = session()
    greet()
    made.welcomed(WELCOME)
    made.attach(socket)
    greet()
    const greeted = sent.length
    made.resumed({ secret: 'next', received: 0 })
    made.attach(socket)
    expect(sent.slice(greeted)).toEqual(['["ack",0,2]'])
  })

  test.each([1, 2])('says nothing of a first secret, which follows none: after %i hello', (hellos) => {
    const { made, socket, sent, greet } = session()
    for (let hello = 0; hello < hellos; hello++) greet()
    made.welcomed(WELCOME)
    made.attach(socket)
    expect(sent).toHaveLength(hellos)
  })

  test('says nothing of the first secret of the session after one that was resumed', () => {
    const { made, socket, sent, greet } = session()
    greet()
    made.welcomed(WELCOME)
    greet()
    made.resumed({ secret: 'next', received: 0 })
    made.lose('The server began anew.')
    greet()
    made.welcomed(WELCOME)
    made.attach(socket)
    expect(sent).toHaveLength(3)
  })

  test('tells of a socket that refuses what proves that', () => {
    const { made, socket, lost, greet, refuse } = session()
    greet()
    made.welcomed(WELCOME)
    greet()
    made.resumed({ secret: 'next', received: 0 })
    refuse()
    made.attach(socket)
    expect(lost).toEqual(['The socket refuses a frame.'])
  })

  test('refuses a server that has what was never sent', () => {
    const { made, socket, greet } = session()
    greet()
    made.welcomed({ ...WELCOME, received: 1 })
    expect(() => made.attach(socket)).toThrow(expect.objectContaining({ close: 'BAD_SEQUENCE' }))
  })

  test('says goodbye, also to a socket that takes nothing any more', () => {
    const { made, socket, sent, refuse } = session()
    made.sayBye(socket)
    expect(sent).toEqual(['["bye"]'])
    refuse()
    expect(() => made.sayBye(socket)).not.toThrow()
  })

  test('takes its calls into the session that follows, which has none of their numbers', () => {
    const { made, greet, call } = session()
    call()
    greet()
    const { caller, current } = made
    made.lose('Gone.')
    expect(made.caller).toBe(caller)
    expect(made.current).not.toBe(current)
    expect(made.isKnown).toBe(false)
    expect(greet().behind[0]).toMatch(/^\[1,0,\["call",1,"orders\.place"/)
  })

  test('is at rest while nothing is open, and the server has all that was said', () => {
    const { made, socket, greet, call, run } = session()
    greet()
    made.welcomed(WELCOME)
    made.attach(socket)
    expect(made.isAtRest).toBe(true)
    call()
    expect(made.isAtRest).toBe(false)
    run()
    made.current.take([1, 0, ['result', 1, 'placed']], 25)
    expect(made.isAtRest).toBe(false)
    made.current.take(['ack', 1], 9)
    expect(made.isAtRest).toBe(true)
  })
})

describe('the end of a socket', () => {
  test.each([
    ['with a session that another socket has', 4309, true],
    ['with a session that was too slow', 4331, true],
    ['with a line that broke', 1006, false],
    ['with a server that goes', 1001, false],
    ['with the first message that no side takes', 1009, false],
  ])('%s (%$) ends the session: %s', (_, code, hasEnded) => {
    expect(session().made.detach(code)).toBe(hasEnded)
  })

  test.each([1002, 1003, 1007, 1009])(
    'by %d twice at the same message ends the session: it would do so for ever',
    (code) => {
      const { made } = session()
      expect(made.detach(code)).toBe(false)
      expect(made.detach(1006)).toBe(false)
      expect(made.detach(code)).toBe(true)
    },
  )

  test('as if by poison ends nothing where something was acknowledged between', () => {
    const { made, socket, greet, call } = session()
    call()
    greet()
    expect(made.detach(1009)).toBe(false)
    greet()
    made.welcomed({ ...WELCOME, received: 1 })
    made.attach(socket)
    expect(made.detach(1009)).toBe(false)
  })

  test('as if by poison is forgotten with the session that it ended', () => {
    const { made } = session()
    made.detach(1009)
    made.lose('Gone.')
    expect(made.detach(1009)).toBe(false)
  })
})
