import { describe, expect, it } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import { AlarmList } from '../session/alarm-list.ts'
import { Alarms } from '../session/alarms.ts'
import type { Environment } from '../session/environment.ts'
import { Floods } from '../session/floods.ts'
import { LIVENESS } from '../session/liveness.ts'
import type { Socket } from '../session/socket.ts'
import { Caller } from './caller.ts'
import { HeldFrames } from './held-frames.ts'
import { Responder } from './responder.ts'
import { Session } from './session.ts'
import { sessionStats } from './session-stats.ts'

/** A world whose clock moves only by `advance`. */
class HandDriven implements Environment {
  readonly timers = new Set<{ readonly at: number; readonly callback: () => void }>()
  timersSet = 0
  #now = 0
  #deferred: (() => void)[] = []

  now = () => this.#now
  random = () => 0
  newId = (characters: number) => 'x'.repeat(characters)

  setTimer(callback: () => void, delayMs: number): () => void {
    this.timersSet++
    const timer = { at: this.#now + delayMs, callback }
    this.timers.add(timer)
    return () => this.timers.delete(timer)
  }

  defer = (callback: () => void) => void this.#deferred.push(callback)

  /** Lets the turn end, then lets time pass, with a turn after each timer. */
  advance(ms: number): void {
    const until = this.#now + ms
    this.endTurn()
    for (;;) {
      const [next] = [...this.timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
      this.endTurn()
    }
    this.#now = until
  }

  /** The process stood still: everything that is due comes late. */
  standStill(ms: number): void {
    this.#now += ms
    this.advance(0)
  }

  endTurn = () => {
    for (const callback of this.#deferred.splice(0)) callback()
  }
}

class Line implements Socket {
  readonly sent: string[] = []
  bufferedBytes = 0
  isBroken = false

  send(frame: string): void {
    if (this.isBroken) throw new Error('write EPIPE')
    this.sent.push(frame)
  }

  close = () => {}
  abort = () => {}
  pauseReading = () => {}
}

function setUp(floods?: Floods) {
  const h = hotline<object>()
  const procedures = new ProcedureTable(
    h.router({ ping: h.query(() => 'pong'), slow: h.query(() => new Promise(() => {})) }),
  )
  const common = { codec: superjsonCodec, timeoutMs: 30_000 }
  const world = new HandDriven()
  const alarms = new Alarms(world, new AlarmList())
  const told: string[] = []
  const session = new Session({
    environment: world,
    alarms,
    liveness: LIVENESS,
    held: new HeldFrames(),
    hooks: {
      wantSocket: () => told.push('want'),
      lostSocket: (reason) => told.push(`lost: ${reason}`),
      tooSlow: (reason) => told.push(`slow: ${reason}`),
      progressed: () => told.push('progress'),
    },
    makePeer: (outlet) => ({
      floods,
      caller: new Caller(outlet, { ...common, firstId: 1, queueCharacters: 1_000_000 }),
      responder: new Responder(outlet, 'even', {
        ...common,
        procedures,
        maxCalls: 8,
        maxStreams: 8,
        newId: () => 'id',
        report: () => {},
      }),
    }),
  })
  const call = (path: string) => void session.peer.caller.call(path, undefined).catch(() => {})
  return { world, alarms, told, session, line: new Line(), call }
}

/** A session that stands on its first socket, and has had its first look at the time. */
function attached() {
  const set = setUp()
  set.session.attach(set.line, 0)
  set.world.advance(0)
  return set
}

describe('a session', () => {
  it('sends in one frame what one turn has called', () => {
    const { world, line, call } = attached()
    call('a')
    call('b')
    expect(line.sent).toEqual([])
    world.endTurn()
    call('c')
    world.endTurn()
    expect(line.sent).toEqual(['[1,0,["call",1,"a"],["call",3,"b"]]', '[3,0,["call",5,"c"]]'])
  })

  it.each([
    ['believed where it is right, whatever the item means', 60, ['5', '6'], { '0': ['bigint'], '1': ['bigint'] }],
    ['not believed where it is too small, whatever the item means', 1, [['x'.repeat(600)]], { '0': ['set'] }],
  ])('has the size of an item beside a large message %s', (_, size, json, values) => {
    const { session, world, call } = attached()
    call('ticks')
    world.endTurn()
    const item = ['item', 1, size, json, { meta: { values, v: 1 } }]
    const frame = [1, 1, ['stream', 1], item, ['error', 9, { code: 'INTERNAL', message: 'x'.repeat(1_000) }]] as const
    const take = () => session.take(frame, JSON.stringify(frame).length)
    if (size === 1) expect(take).toThrow('says 1: expected its size')
    else expect(take).not.toThrow()
  })

  it('answers a ping at once, with what it has received', () => {
    const { session, line } = attached()
    session.take([1, 0, ['cancel', 2]], 20)
    session.take(['ping'], 8)
    expect(line.sent).toEqual(['["pong",1]'])
  })

  it('A32: acknowledges with what it sends anyhow, else alone after a second, once', () => {
    const { world, session, line } = attached()
    session.take([1, 0, ['call', 2, 'ping']], 20)
    world.advance(10_000)
    expect(line.sent.splice(0)).toEqual(['[1,1,["result",2,"pong"]]'])
    session.take([2, 1, ['call', 4, 'slow']], 20)
    world.advance(999)
    expect(line.sent).toEqual([])
    world.advance(20_000)
    expect(line.sent.splice(0)).toEqual(['["ack",2]'])
    // A quiet line is asked in its time all the same.
    world.advance(5_000)
    expect(line.sent).toEqual(['["ping"]'])
  })

  it('tells of progress exactly when something new is acknowledged', () => {
    const { world, told, session, call } = attached()
    call('a')
    world.endTurn()
    for (const frame of [
      ['ack', 0],
      ['pong', 0],
    ] as const)
      session.take(frame, 9)
    expect(told).toEqual([])
    for (const frame of [
      ['ack', 1],
      ['ack', 1],
    ] as const)
      session.take(frame, 9)
    expect(told).toEqual(['progress'])
  })
})

describe('a session that hears nothing', () => {
  it('C1: asks 2.5 s after a call and gives the socket up after 5 s, also where the line was idle before', () => {
    const { world, told, line, call } = attached()
    world.advance(20_000)
    call('a')
    world.advance(2_499)
    expect(line.sent).toHaveLength(1)
    world.advance(1)
    expect(line.sent.at(-1)).toBe('["ping"]')
    world.advance(2_499)
    expect(told).toEqual([])
    // Once more, behind what may lie unread.
    world.advance(51)
    expect(told).toEqual(['lost: The peer has not answered for 25 s.'])
  })

  it('gives up a line that carries only what comes: the peer is heard, and hears nothing', () => {
    const { world, told, session, line, call } = setUp()
    world.advance(60_000)
    session.attach(line, 0)
    call('a')
    for (let seconds = 0; seconds < 6; seconds++) {
      world.advance(1_000)
      if (session.isAttached) session.take(['ping'], 8)
    }
    expect(told).toEqual(['lost: The peer has not answered for 5 s.'])
  })

  it('knows how long the other end took to answer its greeting, and later a ping', () => {
    const { world, session, line } = setUp()
    expect(session.rttMs).toBeUndefined()
    session.greet(line, 1_000)
    world.advance(70)
    session.attach(line, 0)
    expect(session.rttMs).toBe(70)
    session.check()
    world.advance(30)
    session.take(['pong', 0], 10)
    expect(session.rttMs).toBe(30)
    session.take(['pong', 0], 10)
    expect(session.rttMs).toBe(30)
  })

  it('C5: grants a round where this side stood still, since the answer may lie unread', () => {
    const { world, told, session, line, call } = attached()
    call('a')
    world.advance(3_000)
    expect(line.sent.at(-1)).toBe('["ping"]')
    world.standStill(10_000)
    expect(told).toEqual([])
    session.take(['pong', 1], 10)
    world.advance(4_999)
    expect(told).toEqual(['progress'])
  })

  it('C5: gives up nobody whose answer lies unread because this side stood still, however short', () => {
    const { world, told, session, call } = attached()
    call('slow')
    world.advance(4_990)
    world.standStill(20)
    // Whatever else wakes it in the same instant doesn't count as a second look.
    session.wake(world.now())
    session.take(['pong', 1], 10)
    world.advance(1_000)
    expect(told).toEqual(['progress'])
  })

  it('asks after 25 s when idle, and gives up at 45 s', () => {
    const { world, told, line } = attached()
    world.advance(25_000)
    expect(line.sent).toEqual(['["ping"]'])
    world.advance(19_999)
    expect(told).toEqual([])
    world.advance(51)
    expect(told).toEqual(['lost: The peer has not answered for 45 s.'])
  })
})

describe('a session that is told to look', () => {
  it('asks at once, and gives the socket up after 5 s though nothing is awaited', () => {
    const { world, told, session, line } = attached()
    world.advance(1_000)
    for (let times = 0; times < 3; times++) session.check()
    expect(line.sent).toEqual(['["ping"]'])
    world.advance(4_999)
    expect(told).toEqual([])
    world.advance(51)
    expect(told).toEqual(['lost: The peer has not answered for 6 s.'])
  })

  it('asks nobody where there is no line, and wants no timer for that', () => {
    const { alarms, session } = setUp()
    session.check()
    expect(alarms.size).toBe(0)
  })
})

describe('a session whose line died of silence', () => {
  it('waits twice as long on the next one, until something is acknowledged', () => {
    const { world, told, session } = attached()
    void session.peer.caller.call('slow', undefined, { timeoutMs: Number.POSITIVE_INFINITY })
    const patience = () => {
      const since = world.now()
      while (!session.isAttached) session.attach(new Line(), 0)
      while (session.isAttached) world.advance(100)
      return Math.round((world.now() - since) / 1_000)
    }
    const all = [patience(), patience(), patience(), patience(), patience(), patience()]
    expect(all).toEqual([5, 10, 20, 40, 45, 45])
    session.attach(new Line(), 0)
    session.take(['ack', 1], 9)
    expect(patience()).toBe(5)
    expect(told.filter((what) => what.startsWith('lost'))).toHaveLength(7)
  })
})

describe('a session that greets', () => {
  it('writes no more behind the greeting than there is room for, and the rest once it is answered', () => {
    const { world, session, line, call } = setUp()
    for (let calls = 0; calls < 100; calls++) call('x'.repeat(200))
    session.greet(line, 8_000)
    const written = line.sent.join('').length
    expect(written).toBeLessThanOrEqual(8_000)
    expect(written).toBeGreaterThan(7_000)
    session.attach(line, 0)
    world.endTurn()
    expect(line.sent.join('').match(/"call"/g)).toHaveLength(100)
  })

  it('writes none of it where there is no room', () => {
    const { session, line, call } = setUp()
    call('a')
    session.greet(line, 0)
    expect(line.sent).toEqual([])
  })
})

describe('a session without a line', () => {
  it('is full above 2 MiB, and never with one', () => {
    const { session, line } = setUp()
    const half = `"${'x'.repeat(1024 * 1024 - 2)}"`
    for (const isFull of [false, false, true]) {
      session.outbox.pushCall(half)
      expect(session.isFull).toBe(isFull)
    }
    session.attach(line, 0)
    expect(session.isFull).toBe(false)
    session.detach()
    expect(session.isFull).toBe(true)
  })
})

describe('a quiet session', () => {
  it('B7: has progressed when its line has stood for 10 s, and not before', () => {
    const { world, told, session, line } = setUp()
    world.advance(60_000)
    session.attach(line, 0)
    world.advance(9_999)
    session.take(['ping'], 8)
    expect(told).toEqual([])
    world.advance(1)
    session.take(['ack', 0], 8)
    expect(told).toEqual([])
    session.take(['ping'], 8)
    expect(told).toEqual(['progress'])
  })
})

describe('a busy session', () => {
  it('C3: neither asks nor sets timers to speak of, though an answer is awaited all the time', () => {
    const { world, session, line, call } = attached()
    call('a')
    for (let number = 1; number <= 1_000; number++) {
      call('a')
      world.advance(10)
      session.take([number, number, ['result', 2 * number - 1]], 20)
    }
    expect(line.sent).toHaveLength(1_000)
    // In ten seconds: a look at the silence each 2.5 s, and one each second whether an acknowledgement has left.
    expect(world.timersSet).toBeLessThan(30)
  })
})

describe('a session whose socket fails', () => {
  it('A21: gives it up once, and writes the same numbers again on the next one', () => {
    const { world, told, session, line, call } = attached()
    line.isBroken = true
    call('a')
    call('b')
    world.endTurn()
    expect([told.splice(0), session.isAttached]).toEqual([['lost: write EPIPE'], false])
    session.check()
    world.advance(10_000)
    expect(told).toEqual([])
    const next = new Line()
    session.attach(next, 0)
    session.delivery.rewind()
    world.advance(0)
    expect(next.sent).toEqual(['[1,0,["call",1,"a"],["call",3,"b"]]'])
  })
})

describe('a session whose peer may send nothing that carries nothing', () => {
  it('takes the confirmation of each greeting, and no other', () => {
    const none = { perSecond: 0, burst: 0 }
    const { session, line } = setUp(new Floods({ opens: none, controls: none }, { now: () => 0 }))
    for (const generation of [1, 2]) {
      session.attach(line, 0)
      session.take(['ack', 0, generation], 9)
      expect(() => session.take(['ack', 0, generation], 9)).toThrow('A frame "ack" came')
      session.detach()
    }
  })
})

describe('a session whose peer asks and takes no answer', () => {
  it('is closed where its answers pile up', () => {
    const many = { perSecond: 0, burst: 1_000 }
    const { session, line } = setUp(new Floods({ opens: many, controls: many }, { now: () => 0 }))
    session.attach(line, 0)
    line.bufferedBytes = 2 * 1024 * 1024
    expect(() => session.take(['ping'], 8)).not.toThrow()
    line.bufferedBytes++
    expect(() => session.take(['ping'], 8)).toThrow('bytes wait for this peer: read what comes.')
    session.detach()
    expect(() => session.take(['ping'], 8)).not.toThrow()
  })
})

describe('a session that keeps much for a peer', () => {
  it('gives the peer up when it has taken nothing for 10 s, counted anew whenever it takes something', () => {
    const { world, session, told } = attached()
    const slow = () => told.filter((what) => what.startsWith('slow'))
    for (let mebibytes = 0; mebibytes < 6; mebibytes++) session.outbox.pushCall(`"${'x'.repeat(1024 * 1024)}"`)
    session.flushSoon()
    world.advance(9_000)
    session.take(['ack', 1], 9)
    world.advance(9_000)
    expect(slow()).toEqual([])
    // Nothing but the debt itself asks to be woken then.
    world.advance(1_100)
    expect(slow()).toEqual([expect.stringContaining('took nothing for 10 s')])
  })
})

describe('what a session keeps', () => {
  it('is told apart: what waits, what is not acknowledged, and what came in pieces', () => {
    const { world, session, line, call } = setUp()
    const kept = () => {
      const { waiting, unacknowledged, pieces, made } = sessionStats(session)
      return { waiting, unacknowledged, pieces, made }
    }
    session.outbox.pushCall('"written"')
    call('a')
    session.attach(line, 0)
    world.endTurn()
    session.outbox.pushCall('"waits"')
    session.take([1, 0, ['piece', '["cancel"', false]], 30)
    expect(kept()).toEqual({ waiting: 7, unacknowledged: '"written"["call",1,"a"]'.length, pieces: 9, made: 1 })
  })
})

describe('a session that has ended', () => {
  it('A33: leaves no timer and no alarm, and says nothing more', () => {
    const { world, alarms, session, line, call } = attached()
    call('a')
    world.endTurn()
    session.take([1, 0, ['call', 2, 'slow']], 20)
    session.end('gone')
    expect([world.timers.size, alarms.size]).toEqual([0, 0])
    call('b')
    world.advance(100_000)
    expect(line.sent).toHaveLength(1)
    expect([world.timers.size, alarms.size]).toEqual([0, 0])
  })
})
