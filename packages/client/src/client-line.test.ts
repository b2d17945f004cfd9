import { AlarmList, Alarms, type Environment } from '@hotline/core/internal'
import { describe, expect, test } from 'vitest'
import { ClientLine } from './client-line.ts'
import { welcomeFrame } from './fixture/welcome.ts'
import { settings } from './options.ts'
import type { OpenListener } from './web-socket.ts'

interface Opened extends OpenListener {
  readonly node: string | undefined
  readonly sent: string[]
  readonly closes: number[]
  readonly reasons: string[]
  isAborted: boolean
}

/** Promises have settled. */
const settled = () => new Promise(setImmediate)

/** A line, and each socket that it opens in the test's hands. */
function line(options: Parameters<typeof settings>[0] = {}) {
  const sockets: Opened[] = []
  const told: string[] = []
  const world = { now: 0, timers: new Set<() => void>(), throws: false, contract: undefined as string | undefined }
  const environment: Environment = {
    now: () => world.now,
    random: () => 0.5,
    setTimer: (callback) => {
      world.timers.add(callback)
      return () => void world.timers.delete(callback)
    },
    defer: () => {},
    newId: (characters) => 'x'.repeat(characters),
  }
  const openSocket = (listener: OpenListener, node: string | undefined) => {
    if (world.throws) throw new Error('No socket can be had.')
    const socket: Opened = { ...listener, node, sent: [], closes: [], reasons: [], isAborted: false }
    sockets.push(socket)
    return {
      bufferedBytes: 0,
      send: (frame: string | Uint8Array) => void socket.sent.push(String(frame)),
      close: (code: number, reason: string) => {
        socket.closes.push(code)
        socket.reasons.push(reason)
      },
      abort: () => {
        socket.isAborted = true
      },
      pauseReading: () => {},
    }
  }
  const made = new ClientLine(settings(options, openSocket, environment), new Alarms(environment, new AlarmList()), {
    changed: () => told.push(made.state.name),
    settled: () => told.push('settled'),
    goAway: (_, { delayMs }) => told.push(`goAway ${delayMs}`),
    greeted: (contract) => told.push(`greeted ${contract}`),
    get contract() {
      return world.contract
    },
  })
  /** Opens the next socket, and says what the server says there. */
  const meet = async (...frames: string[]): Promise<Opened> => {
    made.connect()
    await settled()
    const socket = sockets.at(-1)
    if (socket === undefined) throw new Error('The line opened no socket.')
    socket.opened()
    for (const frame of frames) socket.message(frame)
    return socket
  }
  return { made, world, told, sockets, meet }
}

const WELCOME = welcomeFrame({ expiresInMs: 60_000 })
const RESUMED = '["resumed",{"secret":"another","received":0}]'
const LOST = '["refused",{"code":"SESSION_LOST","message":"It is gone."}]'

describe("a client's line", () => {
  test('tells of each state that it comes into, once', async () => {
    const { told, meet } = line()
    await meet(WELCOME)
    expect(told).toEqual(['authorizing', 'connecting', 'greeting', 'open', 'greeted c1'])
  })

  test('opens the next socket to the process that has its session', async () => {
    const { sockets, meet } = line()
    const first = await meet(WELCOME)
    first.closed(1006, '')
    await meet()
    expect(sockets.map(({ node }) => node)).toEqual([undefined, 'n1'])
  })

  test('tries again later where no socket can even begin', async () => {
    const { made, world } = line()
    world.throws = true
    made.connect()
    await settled()
    expect(made.state).toMatchObject({ name: 'waiting', attempt: 1, reason: 'No socket can be had.' })
  })

  test.each([
    ['a second welcome', [WELCOME, WELCOME]],
    ['a resumed for a hello', [RESUMED]],
    ['a lost session for a hello, which would be said for ever', [LOST]],
    ['a frame of the session before the answer', ['["ping"]']],
    ['what is no frame', ['{}']],
  ])('leaves a server for good that sends %s', async (_, frames) => {
    const { made, meet } = line()
    const socket = await meet(...frames)
    expect(socket.closes).toEqual([4400])
    expect(made.state.name).toBe('closed')
  })

  test('asks for the path where what answers there has never said a word of Hotline, and says what it said', async () => {
    const { made, meet } = line()
    const socket = await meet('{"type":"hi"}')
    const reason = 'A frame is an object: expected an array.'
    expect(socket.reasons).toEqual([reason])
    expect(made.state).toEqual({
      name: 'closed',
      reason: `No Hotline server answered: is the path of "url" right? ${reason}`,
    })
  })

  test('asks for no path where a server there has been welcome', async () => {
    const { made, world, meet } = line()
    world.contract = 'c1'
    await meet(WELCOME, '{}')
    expect(made.state).toEqual({ name: 'closed', reason: 'A frame is an object: expected an array.' })
  })

  test('leaves a server for good that answers a resume with a welcome', async () => {
    const { made, meet } = line()
    const first = await meet(WELCOME)
    first.closed(1006, '')
    const second = await meet(WELCOME)
    expect(second.closes).toEqual([4400])
    expect(made.state.name).toBe('closed')
  })

  test('hears nothing of a socket that it has left', async () => {
    const { made, meet } = line()
    const first = await meet(WELCOME)
    first.closed(1006, 'cut')
    const state = made.state
    first.opened()
    first.message('{}')
    first.closed(4400, 'Stay away.')
    expect(made.state).toBe(state)
    expect(first.closes).toEqual([])
  })

  test('waits as long as a refusal says, and shows its reason instead of that of the close', async () => {
    const { made, meet } = line()
    const socket = await meet('["refused",{"code":"DRAINING","message":"We restart.","retryAfterMs":50000}]')
    expect(made.state.name).toBe('greeting')
    socket.closed(1013, 'busy')
    expect(made.state).toMatchObject({ name: 'waiting', reason: 'We restart.', deadline: 50_000 })
    const next = await meet()
    next.closed(1006, 'cut')
    expect(made.state).toMatchObject({ name: 'waiting', reason: 'cut' })
  })

  test('names the code of a close that gives no reason', async () => {
    const { made, meet } = line()
    const socket = await meet()
    socket.closed(1006, '')
    expect(made.state).toMatchObject({ reason: 'The connection ended with code 1006.' })
  })

  test('gives up a socket whose resume came too late: the server would wait there for a hello', async () => {
    const { made, meet } = line()
    const first = await meet(WELCOME)
    first.closed(1006, '')
    const second = await meet('["refused",{"code":"STALE","message":"A later attempt has it."}]')
    expect(second.isAborted).toBe(true)
    expect(made.state).toMatchObject({ name: 'waiting', reason: 'A later attempt has it.' })
    expect(made.session.isKnown).toBe(true)
  })

  test('greets anew on the same socket where its session is lost', async () => {
    const { made, told, meet } = line()
    const first = await meet(WELCOME)
    first.closed(1006, '')
    told.length = 0
    const second = await meet(LOST)
    expect(second.sent.map((frame) => JSON.parse(frame)[0])).toEqual(['resume', 'hello'])
    expect(made.session.isKnown).toBe(false)
    expect(told).toContain('settled')
  })

  test('takes a refused hello as the end of its session where nothing else was said before', async () => {
    const { told, meet } = line()
    await meet('["refused",{"code":"INTERNAL","message":"It failed."}]')
    expect(told).toContain('settled')
    const again = line()
    const first = await again.meet()
    first.closed(1006, '')
    await again.meet('["refused",{"code":"INTERNAL","message":"It failed."}]')
    expect(again.told).not.toContain('settled')
  })

  test('makes a call whose hello was refused as if for the first time: it has not run', async () => {
    const { made, meet } = line()
    void made.session.caller.call('orders.place', 1, undefined).catch(() => {})
    const first = await meet('["refused",{"code":"DRAINING","message":"We restart."}]')
    first.closed(1013, '')
    const second = await meet()
    expect(first.sent).toHaveLength(2)
    expect(second.sent.slice(1)).toEqual(first.sent.slice(1))
  })

  test.each([
    ['loses its session with a server that said it would go', true, false],
    ['keeps its session where a server goes without a word', false, true],
  ])('%s', async (_, hasSaid, isKnown) => {
    const { made, told, meet } = line()
    const socket = await meet(WELCOME)
    if (hasSaid) socket.message('["goaway",{"delayMs":3,"deadlineMs":5000}]')
    expect(made.isLeaving).toBe(hasSaid)
    expect(told.includes('goAway 3')).toBe(hasSaid)
    socket.closed(1001, '')
    expect(made.session.isKnown).toBe(isKnown)
  })

  test('no longer counts as leaving on its next socket', async () => {
    const { made, meet } = line()
    const socket = await meet(WELCOME, '["goaway",{"delayMs":0,"deadlineMs":5000}]')
    socket.closed(1006, '')
    await meet(RESUMED)
    expect(made.isLeaving).toBe(false)
  })

  test('sends newer credentials when they are due', async () => {
    const answers: ((token: string) => void)[] = []
    const { made, world, meet } = line({ auth: () => new Promise((resolve) => answers.push(resolve)) })
    made.connect()
    answers.pop()?.('token')
    await settled()
    const socket = await meet(WELCOME)
    const dueAt = 'deadline' in made.state ? made.state.deadline : 0
    expect(dueAt).toBeCloseTo(60_000 * (0.7 + 0.5 / 6))
    world.now = dueAt
    made.wake()
    answers.pop()?.('newer')
    await settled()
    expect(socket.sent.at(-1)).toBe('["reauth",{"auth":"newer"}]')
  })

  test('sends no newer credentials on a socket that it has left meanwhile', async () => {
    const answers: ((token: string) => void)[] = []
    const { made, world, meet } = line({ auth: () => new Promise((resolve) => answers.push(resolve)) })
    made.connect()
    answers.pop()?.('token')
    await settled()
    const socket = await meet(WELCOME)
    world.now = 60_000
    made.wake()
    made.pause()
    const { length } = socket.sent
    answers.pop()?.('newer')
    await settled()
    expect(socket.sent).toHaveLength(length)
  })

  test('ends a socket by its silence, and says so by the code', async () => {
    const { made, meet } = line()
    const socket = await meet(WELCOME)
    made.lostSocket('Nothing came.')
    expect(socket.isAborted).toBe(true)
    expect(made.state).toMatchObject({ name: 'waiting', reason: 'Nothing came.' })
    expect(made.session.isKnown).toBe(true)
  })

  test('loses its session where it was too slow', async () => {
    const { made, meet } = line()
    await meet(WELCOME)
    made.tooSlow('Too much waits.')
    expect(made.session.isKnown).toBe(false)
  })

  test('connects for a call only where it has not begun: elsewhere the next attempt has its time', async () => {
    const { made, world, meet } = line()
    made.wantSocket()
    expect(made.state.name).toBe('authorizing')
    const socket = await meet()
    socket.closed(1006, '')
    made.wantSocket()
    expect(made.state.name).toBe('waiting')
    expect(world.timers.size).toBe(1)
  })

  test('says goodbye when it is closed, forgets its socket, and leaves no timer behind', async () => {
    const { made, world, meet } = line()
    const socket = await meet(WELCOME)
    made.close()
    expect(socket.sent.at(-1)).toBe('["bye"]')
    expect(socket.closes).toEqual([1000])
    expect(made.state.name).toBe('closed')
    // What was set for at once finds nothing to do.
    for (const callback of world.timers) {
      world.timers.delete(callback)
      callback()
    }
    expect(world.timers.size).toBe(0)
    socket.closed(1006, '')
    expect(made.state).toEqual({ name: 'closed', reason: 'The application closed the client.' })
  })

  test('says no goodbye when it is paused: it comes back', async () => {
    const { made, meet } = line()
    const socket = await meet(WELCOME)
    made.pause()
    expect(socket.sent.at(-1)).not.toBe('["bye"]')
    expect(socket.closes).toEqual([1000])
    expect(made.session.isKnown).toBe(true)
  })
})
