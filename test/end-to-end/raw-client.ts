import { once } from 'node:events'
import { type ClientOptions, WebSocket } from 'ws'

/** A client that says exactly what a test tells it to: frames as they stand on the wire, and nothing by itself. */
export interface RawClient {
  readonly socket: WebSocket
  /** Sends each value as a text message of JSON. */
  say(...frames: readonly unknown[]): void
  /** The next frame from the server; rejects where the socket closes instead. */
  hear(): Promise<readonly unknown[]>
  /** How the socket was closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  /** Everything that came, as it came. */
  readonly transcript: readonly string[]
}

export interface RawOptions extends Pick<ClientOptions, 'headers' | 'origin'> {
  readonly path?: string
  /** The right one where nothing is said. */
  readonly protocols?: string[]
}

export const HELLO = {
  version: 1,
  client: 'a-raw-client',
  nonce: 'n'.repeat(43),
  generation: 1,
  timeoutMs: 30_000,
}

/** Opens a WebSocket and says nothing. Rejects where the upgrade is refused. */
export async function connect(port: number | undefined, options: RawOptions = {}): Promise<RawClient> {
  const socket = open(port, options)
  const client = listen(socket)
  await once(socket, 'open')
  return client
}

/** A client that has said hello and been welcomed. */
export async function greet(port: number | undefined, hello: object = {}): Promise<RawClient> {
  const client = await connect(port)
  client.say(['hello', { ...HELLO, nonce: crypto.randomUUID(), ...hello }])
  const [word] = await client.hear()
  if (word !== 'welcome') throw new Error(`Expected a welcome, got ${client.transcript.at(-1)}.`)
  return client
}

/** The HTTP answer to an upgrade that is refused. */
export async function refusalOf(
  port: number | undefined,
  options: RawOptions,
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const socket = open(port, options)
  socket.on('error', () => {})
  const [, response] = await Promise.race([
    once(socket, 'unexpected-response'),
    once(socket, 'open').then(() => Promise.reject(new Error('The upgrade was accepted.'))),
  ])
  let body = ''
  for await (const chunk of response) body += chunk
  return { status: response.statusCode, body }
}

/** What the server answers to one call on a connection of its own. */
export async function answerTo(port: number | undefined, path: string, input?: unknown): Promise<readonly unknown[]> {
  const client = await greet(port)
  client.say([1, 0, ['call', 1, path, input]])
  const [, , message] = await client.hear()
  client.socket.terminate()
  // A data frame carries messages behind its two numbers.
  return message as readonly unknown[]
}

function open(port: number | undefined, options: RawOptions): WebSocket {
  const { path = '/rpc', protocols = ['hotline.v1'], ...rest } = options
  return new WebSocket(`ws://localhost:${port}${path}`, protocols, rest)
}

function listen(socket: WebSocket): RawClient {
  const transcript: string[] = []
  let heard = 0
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  // A closed socket says why by its code; its error says no more.
  socket.on('error', () => {})
  socket.on('message', (text) => {
    transcript.push(String(text))
    socket.emit('heard')
  })
  return {
    socket,
    closed,
    transcript,
    say: (...frames) => {
      for (const frame of frames) socket.send(JSON.stringify(frame))
    },
    async hear() {
      if (heard === transcript.length) {
        const isOver = closed.then(({ code, reason }) => Promise.reject(new Error(`Closed with ${code}: ${reason}`)))
        await Promise.race([once(socket, 'heard'), isOver])
      }
      return JSON.parse(transcript[heard++] ?? '')
    },
  }
}
