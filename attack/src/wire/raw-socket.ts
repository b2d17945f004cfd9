import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Ends, LEFT } from './ends.ts'
import { OPCODES, ServerFrames, textFrame } from './frames.ts'

/** A connection of an attacker: TCP, with WebSocket written by hand over it. It answers nothing by itself. */
export class RawSocket {
  /** Resolves when it is gone, whoever ended it. */
  readonly ended: Promise<void>
  /** Told of each text that comes once it is upgraded. */
  onText: (text: string) => void = () => {}
  readonly #socket: Socket
  readonly #frames = new ServerFrames()
  readonly #openedAt = performance.now()
  #head = ''
  #isUpgraded = false
  #end: string | undefined
  #nextNumber = 1

  constructor(port: number, ends: Ends) {
    ends.open()
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (bytes) => this.#hear(bytes))
    this.#socket.on('error', () => {})
    this.#socket.on('end', () => this.#socket.destroy())
    this.ended = new Promise((resolve) => {
      this.#socket.once('close', () => {
        ends.add(this.#end ?? 'cut', performance.now() - this.#openedAt)
        resolve()
      })
    })
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#end === undefined
  }

  /** Waits for TCP; false where it never came. */
  async opened(): Promise<boolean> {
    await Promise.race([once(this.#socket, 'connect').catch(() => {}), this.ended])
    return this.isOpen
  }

  /** Asks for the upgrade, and waits for the answer; false where it isn't 101. */
  async upgrade(headers: Readonly<Record<string, string>> = {}): Promise<boolean> {
    if (!(await this.opened())) return false
    this.send(upgradeRequest(headers))
    while (!this.#isUpgraded && this.isOpen)
      await Promise.race([once(this.#socket, 'data').catch(() => {}), this.ended])
    return this.isOpen
  }

  /** Says hello, and waits for `welcome`; `undefined` where none comes. */
  async greet(auth: object): Promise<Welcome | undefined> {
    const heard = new Promise<Welcome | undefined>((resolve) => {
      this.onText = (text) => resolve(text.startsWith('["welcome"') ? JSON.parse(text)[1] : undefined)
    })
    this.send(textFrame(['hello', hello(auth)]))
    const welcome = await Promise.race([heard, this.ended])
    this.onText = () => {}
    return welcome ?? undefined
  }

  /** Sends messages in one numbered frame. */
  say(...messages: readonly unknown[]): boolean {
    const number = this.#nextNumber
    this.#nextNumber += messages.length
    return this.send(textFrame([number, 0, ...messages]))
  }

  /** Bytes as they are; false where the line is full. */
  send(bytes: Buffer | string): boolean {
    return this.isOpen && this.#socket.write(bytes)
  }

  /** Waits until what was sent is on its way, or nobody is there any more. */
  async drained(): Promise<void> {
    if (!this.isOpen || !this.#socket.writableNeedDrain) return new Promise(setImmediate)
    await Promise.race([once(this.#socket, 'drain').catch(() => {}), this.ended])
  }

  /** Reads nothing from now on. */
  stopReading(): void {
    this.#socket.pause()
  }

  goOnReading(): void {
    this.#socket.resume()
  }

  /** Ends it from this side, without a word. */
  leave(): void {
    this.#end ??= LEFT
    this.#socket.destroy()
  }

  #hear(bytes: Buffer): void {
    if (this.#isUpgraded) return this.#take(bytes)
    this.#head += bytes.toString('latin1')
    const end = this.#head.indexOf('\r\n\r\n')
    if (end === -1) return
    const status = this.#head.slice(9, 12)
    if (status !== '101') {
      this.#end ??= `HTTP ${status}`
      return
    }
    this.#isUpgraded = true
    this.#take(Buffer.from(this.#head.slice(end + 4), 'latin1'))
  }

  #take(bytes: Buffer): void {
    for (const { opcode, payload } of this.#frames.take(bytes)) {
      if (opcode === OPCODES.text) this.onText(payload.toString())
      else if (opcode === OPCODES.close) this.#end ??= `close ${payload.length < 2 ? 1005 : payload.readUInt16BE(0)}`
    }
    // A closing handshake that nobody answers would only wait.
    if (this.#end !== undefined) this.#socket.destroy()
  }
}

export interface Welcome {
  readonly session: string
  readonly secret: string
}

/** The head of an upgrade as any client sends it. */
export function upgradeRequest(headers: Readonly<Record<string, string>> = {}): string {
  const lines = {
    host: 'localhost',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    'sec-websocket-protocol': 'hotline.v1',
    ...headers,
  }
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}`)
  return `GET /rpc HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`
}

export function hello(auth: object): object {
  const [client, nonce] = [randomBytes(8).toString('hex'), randomBytes(32).toString('base64url')]
  return { version: 1, auth, client, nonce, generation: 1, timeoutMs: 30_000 }
}
