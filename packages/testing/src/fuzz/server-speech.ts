import { type Frame, isDataFrame, type MessageWord } from '@hotline/core/internal'
import type { Random } from '../simulator/random.ts'
import { controlOf, messageOf, type Wanted } from './grammar.ts'
import { KnownCalls } from './known-calls.ts'
import { hostileTail, inPieces, Numbers, type Speech } from './speech.ts'

/** What a server does on an open connection, and how often. */
const ACTIONS = {
  messages: 30,
  ack: 3,
  ping: 2,
  pong: 1,
  reauthed: 0.5,
  goaway: 0.3,
  refused: 0.1,
  welcome: 0.1,
  hello: 0.1,
}

/** Messages of a server, and how often. */
const WORDS: Readonly<Record<MessageWord, number>> = {
  ...{ stream: 6, item: 12, position: 2, result: 5, error: 3, credit: 4, stop: 0.5 },
  ...{ call: 1, cancel: 0.5, end: 0.1, piece: 0.3 },
}

/** A server as PROTOCOL.md has it: it answers what it was asked. */
export class ServerSpeech implements Speech {
  readonly #random: Random
  #numbers = new Numbers()
  #greeting: 'hello' | 'resume' | undefined
  #hasAnswered = false
  #calls = new KnownCalls()
  #nextId = 2
  #pieces: unknown[] = []

  constructor(random: Random) {
    this.#random = random
  }

  begin(): void {
    this.#greeting = undefined
    this.#hasAnswered = false
    this.#pieces = []
  }

  hear(frame: Frame): void {
    if (isDataFrame(frame)) {
      for (const message of frame.slice(2)) this.#calls.take(message as readonly unknown[]) // every message is one
      return this.#numbers.take(frame)
    }
    if (frame[0] === 'ack' || frame[0] === 'pong') return this.#numbers.isKnown(frame[1])
    if (frame[0] !== 'hello' && frame[0] !== 'resume') return
    this.#greeting = frame[0]
    if (frame[0] === 'resume') {
      this.#numbers.next = frame[1].received + 1
      return
    }
    this.#numbers = new Numbers()
    this.#calls = new KnownCalls()
    this.#nextId = 2
  }

  next(): unknown[] {
    const random = this.#random
    if (!this.#hasAnswered) return this.#answer()
    const action = random.weighted(ACTIONS)
    switch (action) {
      case 'messages':
        return this.#numbers.frameAround(this.#messages(), random)
      case 'ack':
      case 'pong':
        return controlOf(action, random, { received: this.#numbers.received })
      default:
        return controlOf(action, random, this.#fields())
    }
  }

  #answer(): unknown[] {
    const random = this.#random
    this.#hasAnswered = true
    if (random.chance(0.1)) {
      const code = random.pick(['SESSION_LOST', 'STATE_MISMATCH', 'STALE', 'UNAUTHORIZED', 'DRAINING'])
      this.#hasAnswered = false
      return controlOf('refused', random, { code })
    }
    return controlOf(this.#greeting === 'resume' ? 'resumed' : 'welcome', random, this.#fields())
  }

  #fields(): Wanted {
    const random = this.#random
    // 0 after an earlier hello says that the session is another one.
    const received = random.chance(0.9) ? this.#numbers.received : 0
    return { version: 1, session: 'a session', secret: 'a secret', received, contract: random.pick(['1', '1', '2']) }
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
    if (id === undefined) return this.#call()
    const message = messageOf(word, random, { id })
    this.#calls.take(message)
    if (word !== 'result' || this.#pieces.length > 0 || !random.chance(0.1)) return message
    this.#pieces = inPieces(random.chance(0.05) ? ['result', id, ...hostileTail(random)] : message, random)
    return this.#call()
  }

  #call(): unknown[] {
    this.#nextId += 2
    return messageOf('call', this.#random, { id: this.#nextId - 2 })
  }

  /** A call that the message may be about; `undefined` where there is none. */
  #idFor(word: Exclude<MessageWord, 'call'>): number | undefined {
    const random = this.#random
    if (random.chance(0.02)) return random.integer(1, 20)
    switch (word) {
      case 'item':
      case 'position':
        return this.#calls.stream(random)
      case 'credit':
        return this.#calls.wanting(random)
      case 'stop':
        return this.#calls.upload(random)
      case 'stream':
      case 'result':
      case 'error':
        return this.#calls.open(random)
      case 'piece':
        return 0
      default:
        return this.#nextId - 2
    }
  }
}
