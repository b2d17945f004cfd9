import { ClientConnection, type OpenListener, settings } from '@hotline/client/internal'
import { type CallOptions, isHotlineError, type Stream } from '@hotline/core'
import { CLOSE_CODES, type Frame, type Socket } from '@hotline/core/internal'
import { SimulatedEnvironment } from '../simulator/simulated-environment.ts'
import { judgeSent } from './judge-sent.ts'
import { randomValue } from './random-value.ts'
import type { Round } from './round.ts'
import type { Line, Victim } from './victim.ts'

/** Longer than any back-off, so that a client which wants another socket has asked for it. */
const NEXT_SOCKET_MS = 120_000

/** Longer than any deadline of a client. */
const REST_MS = 60_000

interface Opening {
  readonly listener: OpenListener
  hear: ((frame: Frame) => void) | undefined
  state: 'connecting' | 'open' | 'closing' | 'closed'
}

/** A real client whose sockets end in whoever fuzzes it, on the round's clock, with an application that calls. */
export class FuzzedClient implements Victim {
  readonly #round: Round
  readonly #environment: SimulatedEnvironment
  #connection: ClientConnection
  readonly #connections: ClientConnection[] = []
  readonly #openings: Opening[] = []
  #unsettled = 0

  constructor(round: Round) {
    this.#round = round
    this.#environment = new SimulatedEnvironment(
      round.clock,
      round.random.fork(),
      round.random.pick(['turn', 'microtask']),
    )
    this.#connection = this.#connect()
  }

  /** It opens a second socket when its server goes away. */
  get takesAnother(): boolean {
    return this.#next() !== undefined
  }

  async open(hear: (frame: Frame) => void): Promise<Line | undefined> {
    // A server that breaks the protocol is never asked again; another client begins.
    if (this.#connection.state.name === 'closed') this.#connection = this.#connect()
    this.#connection.connect()
    this.#call()
    const until = this.#round.clock.now() + NEXT_SOCKET_MS
    for (let opening = this.#next(); ; opening = this.#next()) {
      if (opening !== undefined) return this.#opened(opening, hear)
      if (this.#round.clock.now() >= until || this.#round.hasCrashed) return undefined
      await this.#round.pass(1_000)
    }
  }

  async rest(): Promise<void> {
    for (const connection of this.#connections) connection.close()
    await this.#round.pass(REST_MS)
    if (this.#unsettled > 0)
      this.#round.crash(`${this.#unsettled} calls and streams have no end when the client is closed`)
    const { timers } = this.#environment
    if (timers > 0) this.#round.crash(`${timers} timers are left when the client is closed`)
  }

  #connect(): ClientConnection {
    const { random } = this.#round
    const auth = random.chance(0.5) ? () => ({ token: 1 }) : undefined
    const open = (listener: OpenListener) => this.#openSocket(listener)
    const connection = new ClientConnection(
      settings({ auth, timeoutMs: random.pick([2_000, 30_000]) }, open, this.#environment),
    )
    this.#connections.push(connection)
    return connection
  }

  #openSocket(listener: OpenListener): Socket {
    const opening: Opening = { listener, hear: undefined, state: 'connecting' }
    this.#openings.push(opening)
    const end = (code: number, reason: string) => {
      if (opening.state === 'closing' || opening.state === 'closed') return
      this.#round.trace?.(`the client closes with ${code} ${reason}`)
      if (code === CLOSE_CODES.INTERNAL) this.#round.crash(`the client failed: ${reason}`)
      opening.state = 'closing'
      this.#environment.defer(() => this.#closed(opening, code, reason))
    }
    return {
      bufferedBytes: 0,
      send: (frame: string | Uint8Array) => {
        if (opening.state !== 'open') return
        this.#round.trace?.(`the client says ${frame}`)
        const sent = judgeSent(this.#round, 'client', frame)
        if (sent !== undefined) opening.hear?.(sent)
      },
      close: end,
      abort: () => end(1006, ''),
      pauseReading: () => {},
    }
  }

  #next(): Opening | undefined {
    return this.#openings.find(({ state }) => state === 'connecting')
  }

  async #opened(opening: Opening, hear: (frame: Frame) => void): Promise<Line> {
    const round = this.#round
    opening.hear = hear
    opening.state = 'open'
    round.give('(the socket opens)', () => opening.listener.opened())
    await round.settle()
    return {
      get isOpen() {
        return opening.state === 'open'
      },
      give: (frame) => {
        if (opening.state === 'closed') return
        if (round.random.chance(0.1)) this.#call()
        round.give(frame, () => opening.listener.message(frame))
      },
      cut: () =>
        round.give('(the line is cut)', () =>
          this.#closed(opening, round.random.pick([1006, 1001, 1009, 4308, 4302]), ''),
        ),
    }
  }

  #closed(opening: Opening, code: number, reason: string): void {
    if (opening.state !== 'closed') opening.listener.closed(code, reason)
    opening.state = 'closed'
  }

  /** The application calls, and lets some calls be. */
  #call(): void {
    const { random, clock } = this.#round
    const abort = new AbortController()
    const items = random.chance(0.3) && { items: this.#source() }
    const options: CallOptions = { signal: abort.signal, ...(random.chance(0.1) && { idempotencyKey: 'k' }), ...items }
    const call = this.#connection.call(random.pick(['query', 'items']), randomValue(random), options)
    this.#unsettled++
    call.then(
      (answer) => this.#answered(answer),
      (error) => this.#failed(error),
    )
    if (random.chance(0.2)) clock.schedule(() => abort.abort(), random.pick([0, 10, 1_000]))
  }

  /** What the application streams in. */
  *#source() {
    const { random } = this.#round
    for (let left = random.pick([0, 1, 5, 40]); left > 0; left--)
      yield random.chance(0.1) ? 'x'.repeat(9_000) : randomValue(random)
    if (random.chance(0.1)) throw new Error('There are no more, and there should be.')
  }

  #answered(answer: unknown): void {
    if (!isStream(answer)) {
      this.#unsettled--
      return
    }
    const stop = this.#round.random.chance(0.3) ? this.#round.random.integer(1, 5) : Number.POSITIVE_INFINITY
    read(answer, stop).then(
      () => {
        this.#unsettled--
      },
      (error) => this.#failed(error),
    )
  }

  #failed(error: unknown): void {
    this.#unsettled--
    if (!isHotlineError(error)) this.#round.crash(`a call failed with something else than a HotlineError: ${error}`)
  }
}

function isStream(answer: unknown): answer is Stream<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

async function read(stream: Stream<unknown>, most: number): Promise<void> {
  let items = 0
  for await (const _ of stream) if (++items >= most) return
}
