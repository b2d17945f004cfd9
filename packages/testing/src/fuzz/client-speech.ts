import { type Frame, isDataFrame, type MessageWord } from '@hotline/core/internal'
import type { Random } from '../simulator/random.ts'
import { PROCEDURES, UPLOADS } from './fuzzed-router.ts'
import { controlOf, messageOf, type Wanted } from './grammar.ts'
import { KnownCalls } from './known-calls.ts'
import { hostileTail, inPieces, Numbers, type Speech } from './speech.ts'

/** What a client does on an open connection, and how often. */
const ACTIONS = { messages: 30, ack: 3, ping: 2, pong: 1, reauth: 1, bye: 0.2, hello: 0.1, welcome: 0.1 }

/** Messages of a client, and how often. Those of an answerer are about calls that the server may have opened. */
const WORDS: Readonly<Record<MessageWord, number>> = {
  ...{ call: 20, cancel: 4, item: 8, end: 1, credit: 3 },
  ...{ stream: 0.2, stop: 0.2, position: 0.2, result: 0.4, error: 0.4, piece: 0.5 },
}

/** What becomes of a greeting at a doorman, each as often as it stands there. */
export type Fates = readonly [string, ...string[]]

const FATES: Fates = ['accept', 'accept', 'accept', 'wait', 'refuse', 'fail']

/** A client as PROTOCOL.md has it. */
export class ClientSpeech implements Speech {
  readonly #random: Random
  readonly #fates: Fates
  #numbers = new Numbers()
  #calls = new KnownCalls()
  #nextId = 1
  #generation = 0
  #session: { readonly session: string; secret: string } | undefined
  #phase: 'new' | 'greeted' | 'open' = 'new'
  /** Messages in pieces that haven't gone yet. */
  #pieces: unknown[] = []

  /** Its `auth` asks for one of `fates`. */
  constructor(random: Random, fates: Fates = FATES) {
    this.#random = random
    this.#fates = fates
  }

  begin(): void {
    this.#phase = 'new'
    this.#pieces = []
  }

  hear(frame: Frame): void {
    if (isDataFrame(frame)) {
      for (const message of frame.slice(2)) this.#calls.take(message as readonly unknown[]) // every message is one
      return this.#numbers.take(frame)
    }
    switch (frame[0]) {
      case 'welcome':
        this.#phase = 'open'
        this.#session = { session: frame[1].session, secret: frame[1].secret }
        return this.#numbers.isKnown(frame[1].received)
      case 'resumed':
        this.#phase = 'open'
        if (this.#session !== undefined) this.#session.secret = frame[1].secret
        // What it lacks was garbled or lost; under its number something else may go.
        this.#numbers.next = frame[1].received + 1
        return
      case 'refused':
        this.#session = undefined
        this.#phase = 'new'
        return
      case 'ack':
      case 'pong':
        return this.#numbers.isKnown(frame[1])
      default:
        return
    }
  }

  next(): unknown[] {
    if (this.#phase === 'new') return this.#greeting()
    const random = this.#random
    const action = random.weighted(ACTIONS)
    switch (action) {
      case 'messages':
        return this.#numbers.frameAround(this.#messages(), random)
      case 'ack':
      case 'pong':
        return controlOf(action, random, { received: this.#numbers.received })
      default:
        return controlOf(action, random, this.#greetingFields())
    }
  }

  #greeting(): unknown[] {
    this.#phase = 'greeted'
    const random = this.#random
    if (this.#session !== undefined && random.chance(0.7)) {
      return controlOf('resume', random, {
        ...this.#greetingFields(),
        ...this.#session,
        received: this.#numbers.received,
      })
    }
    this.#session = undefined
    this.#numbers = new Numbers()
    this.#calls = new KnownCalls()
    this.#nextId = 1
    return controlOf('hello', random, this.#greetingFields())
  }

  #greetingFields(): Wanted {
    const random = this.#random
    const auth = {
      does: random.pick(this.#fates),
      as: random.pick(['ann', 'bob']),
    }
    const nonce = random.chance(0.9) ? `nonce ${this.#generation}` : 'the same nonce'
    const generation = random.chance(0.95) ? ++this.#generation : random.integer(1, 3)
    return {
      version: 1,
      auth,
      nonce,
      generation,
      client: 'a client',
      timeoutMs: random.pick([30_000, 30_000, 1_000, 0]),
    }
  }

  #messages(): unknown[] {
    const messages = this.#pieces.splice(0, this.#random.integer(1, 4))
    for (let left = this.#random.pick([0, 1, 1, 2, 4]); left > 0; left--) messages.push(this.#message())
    return messages.length > 0 ? messages : [this.#message()]
  }

  #message(): unknown[] {
    const random = this.#random
    const word = random.weighted(WORDS)
    const id = word === 'call' ? undefined : this.#idFor(word)
    const message = id === undefined ? this.#call() : messageOf(word, random, { id })
    this.#calls.take(message)
    if (id !== undefined || this.#pieces.length > 0 || !random.chance(0.03)) return message
    // A large one now and then: it costs as much as hundreds of others.
    const large = random.chance(0.05) ? [...message.slice(0, 3), ...hostileTail(random)] : message
    this.#pieces = inPieces(large, random)
    return this.#call()
  }

  /** A call that the message may be about; `undefined` where there is none. */
  #idFor(word: Exclude<MessageWord, 'call'>): number | undefined {
    const random = this.#random
    if (random.chance(0.02)) return random.integer(1, this.#nextId + 4)
    switch (word) {
      case 'cancel':
        return this.#calls.open(random)
      case 'credit':
        return this.#calls.stream(random)
      case 'item':
      case 'end':
        return this.#calls.upload(random)
      case 'piece':
        return 0
      default:
        return 2 * random.integer(1, 3)
    }
  }

  #call(): unknown[] {
    const random = this.#random
    const path = random.chance(0.95) ? random.pick(PROCEDURES) : undefined
    const id = this.#nextId
    this.#nextId += 2
    const number = { n: random.pick([0, 1, 2, 3, 5, 20, 3_000]), name: random.pick(['x', undefined]) }
    const items = (path !== undefined && UPLOADS.has(path)) !== random.chance(0.02)
    const key = random.chance(0.1) ? { idempotencyKey: random.pick(['k', 'l', '']) } : {}
    return messageOf('call', random, {
      id,
      ...(path && { path }),
      ...(random.chance(0.8) && { value: number }),
      ...(items && { items }),
      ...key,
    })
  }
}
