import { IncomingMessage } from 'node:http'
import { Socket as NetSocket } from 'node:net'
import type { SocketListener } from '@hotline/core/internal'
import { HotlineError } from '@hotline/server'
import { ConnectionPool, resolveOptions } from '@hotline/server/internal'
import { frameOf } from './binary-frame.ts'
import { Output } from './end.ts'
import { exampleRouter } from './example-router.ts'
import { ManualEnvironment } from './manual-environment.ts'
import { type Bindings, fill } from './placeholders.ts'
import type { Line, Transcript } from './transcript.ts'

/** Feeds a real server the C lines, and throws where it writes something else than the S lines. */
export async function playServer(transcript: Transcript): Promise<void> {
  const play = new ServerPlay()
  for (const line of transcript.lines) await play.take(line)
  await play.end()
}

class ServerPlay {
  readonly #environment = new ManualEnvironment()
  readonly #bindings: Bindings = new Map()
  readonly #output = new Output('S', this.#bindings)
  #pool = newPool(this.#environment)
  #listener: SocketListener | undefined

  async take(line: Line): Promise<void> {
    switch (line.name) {
      case 'opens':
        this.#listener = this.#pool.accept(this.#output.socket(), new IncomingMessage(new NetSocket()))
        return
      case 'message':
        return line.from === 'C' ? this.#hear(line) : this.#say(line)
      case 'closes':
        await this.#environment.settle()
        if (line.by === 'S') this.#output.expectClose(line.code)
        this.#listener?.closed(line.code, '')
        return
      case 'cut':
        await this.#environment.settle()
        this.#output.expectNothing()
        this.#listener?.closed(1006, '')
        return
      case 'restart':
        this.#pool = newPool(this.#environment)
        return
      case 'drain':
        void this.#pool.drain({ windowMs: 5_000, deadlineMs: 25_000 })
        return
      case 'pass':
        return this.#environment.pass(line.ms)
      // What the client's application does is the client's play.
      case 'signs in':
      case 'calls':
      case 'cancels':
      case 'sees':
        return
    }
  }

  async end(): Promise<void> {
    await this.#environment.settle()
    this.#output.expectNothing()
    this.#pool.closeAll()
  }

  #hear({ text, attachments, isLost }: Line & { name: 'message' }): void {
    const frame = frameOf(fill(text, this.#bindings), attachments)
    if (!isLost) this.#listener?.message(frame)
  }

  async #say(line: Line & { name: 'message' }): Promise<void> {
    await this.#environment.settle()
    this.#output.expectMessage(line)
  }
}

function newPool(environment: ManualEnvironment): ConnectionPool {
  const silent = { debug() {}, info() {}, warn() {}, error() {} }
  const authenticate = ({ auth }: { readonly auth: unknown }) => {
    if (auth === 'wrong') throw new HotlineError('UNAUTHORIZED')
    const principal = auth === undefined ? undefined : String(auth)
    return { principal, context: { user: String(auth) }, expiresAt: auth === 'lasting' ? Infinity : undefined }
  }
  return new ConnectionPool(exampleRouter(), resolveOptions({ authenticate, logger: silent, node: 'a' }, environment))
}
