import { type Frame, isDataFrame, type MessageWord, parseMessage } from '@hotline/core/internal'
import type { Random } from '../simulator/random.ts'
import { controlOf, messageOf, type Wanted } from './grammar.ts'
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
  ...{ stream: 6, item: 12, position: 2, result: 5, error: 3 },
  ...{ call: 1, cancel: 1, piece: 0.5 },
}

/** A server as PROTOCOL.md has it: it answers what it was asked. */
export class ServerSpeech implements Speech {
  readonly #random: Random
  #numbers = new Numbers()
  #greeting: 'hello' | 'resume' | undefined
  #hasAnswered = false
  /** Calls of the client that have had no last word. */
  #calls: number[] = []
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
      for (const message of frame.slice(2)) this.#hearMessage(message)
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
    this.#calls = []
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
    const id = this.#someCall()
    if (word === 'call') {
      this.#nextId += 2
      return messageOf('call', random, { id: this.#nextId - 2 })
    }
    const message = messageOf(word, random, { id })
    if ((word === 'result' || word === 'error') && random.chance(0.8))
      this.#calls = this.#calls.filter((call) => call !== id)
    const goesInPieces = word === 'result' && this.#pieces.length === 0 && random.chance(0.1)
    if (!goesInPieces) return message
    this.#pieces = inPieces(random.chance(0.05) ? ['result', id, ...hostileTail(random)] : message, random)
    return ['stream', id]
  }

  #hearMessage(message: unknown): void {
    const [word, id] = parseMessage(message)
    if (word === 'call') this.#calls.push(id)
  }

  #someCall(): number {
    const random = this.#random
    const [first, ...others] = this.#calls
    return first === undefined || random.chance(0.1) ? random.integer(1, 20) : random.pick([first, ...others])
  }
}
