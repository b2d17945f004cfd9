import { clientHandlers, isHotlineError, type Stream } from '@hotline/client'
import { ClientConnection, type OpenListener, settings } from '@hotline/client/internal'
import { frameOf } from './binary-frame.ts'
import { Output } from './end.ts'
import { exampleHandlers } from './example-router.ts'
import { ManualEnvironment } from './manual-environment.ts'
import { type Bindings, fill, match } from './placeholders.ts'
import type { Line, Transcript } from './transcript.ts'

/** Feeds a real client the S lines and lets it make the calls, and throws where it writes something else than the C lines. */
export async function playClient(transcript: Transcript): Promise<void> {
  const play = new ClientPlay()
  for (const line of transcript.lines) await play.take(line)
  await play.end()
}

class ClientPlay {
  readonly #environment = new ManualEnvironment()
  readonly #bindings: Bindings = new Map()
  readonly #output = new Output('C', this.#bindings)
  readonly #opened: { readonly listener: OpenListener; readonly node: string | undefined }[] = []
  readonly #calls = new Map<string, { readonly sights: string[]; readonly controller: AbortController }>()
  readonly #client: ClientConnection
  #listener: OpenListener | undefined
  #auth: unknown

  constructor() {
    const open = (listener: OpenListener, node: string | undefined) => {
      this.#opened.push({ listener, node })
      return this.#output.socket()
    }
    this.#client = new ClientConnection(
      settings({ auth: () => this.#auth, handlers: clientHandlers(exampleHandlers) }, open, this.#environment),
    )
  }

  async take(line: Line): Promise<void> {
    switch (line.name) {
      case 'opens':
        return this.#open(line.node)
      case 'message':
        return line.from === 'S' ? this.#hear(line) : this.#say(line)
      case 'closes':
        await this.#environment.settle()
        if (line.by === 'C') this.#output.expectClose(line.code)
        this.#listener?.closed(line.code, '')
        return
      case 'cut':
        await this.#environment.settle()
        this.#output.expectNothing()
        this.#listener?.closed(1006, '')
        return
      case 'restart':
      case 'drain':
        return
      case 'pass':
        return this.#environment.pass(line.ms)
      case 'signs in':
        this.#auth = line.auth
        return this.#client.connect()
      case 'calls':
        return this.#call(line)
      case 'cancels':
        return this.#calls.get(line.call)?.controller.abort()
      case 'sees':
        return this.#see(line)
    }
  }

  async end(): Promise<void> {
    await this.#environment.settle()
    this.#output.expectNothing()
    for (const [name, { sights }] of this.#calls) {
      if (sights.length > 0) throw new Error(`The transcript has nothing more for ${name}, but it saw ${sights[0]}`)
    }
    this.#client.close()
  }

  async #open(node = 'null'): Promise<void> {
    await this.#environment.settle()
    const opened = this.#opened.shift()
    if (opened === undefined) throw new Error('The transcript has C opens\nbut C opened nothing')
    match(node, JSON.stringify(opened.node ?? null), this.#bindings)
    this.#listener = opened.listener
    this.#listener.opened()
  }

  #hear({ text, attachments, isLost }: Line & { name: 'message' }): void {
    const frame = frameOf(fill(text, this.#bindings), attachments)
    if (!isLost) this.#listener?.message(frame)
  }

  async #say(line: Line & { name: 'message' }): Promise<void> {
    await this.#environment.settle()
    this.#output.expectMessage(line)
  }

  #call({ call, path, input, options }: Line & { name: 'calls' }): void {
    const sights: string[] = []
    const controller = new AbortController()
    this.#calls.set(call, { sights, controller })
    void watch(this.#client.call(path, revived(input), { ...options, signal: controller.signal }), sights)
  }

  async #see({ call, what, value }: Line & { name: 'sees' }): Promise<void> {
    await this.#environment.settle()
    const seen = this.#calls.get(call)?.sights.shift() ?? 'nothing'
    const expected = sight(what, value)
    if (seen !== expected) throw new Error(`The transcript has ${call} ${expected}\nbut it saw ${seen}`)
  }
}

/** Notes what a call gives, as the transcript would write it. */
async function watch(promise: Promise<unknown>, sights: string[]): Promise<void> {
  try {
    const given = await promise
    if (!isStream(given)) return void sights.push(sight('result', given))
    for await (const item of given) sights.push(sight('item', item))
    sights.push(sight('end', await given.result))
  } catch (error) {
    sights.push(sight('error', isHotlineError(error) ? error.code : String(error)))
  }
}

function sight(what: string, value: unknown): string {
  const shown = value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('hex') } : value
  return `${what} ${JSON.stringify(shown)}`
}

function isStream(given: unknown): given is Stream<unknown, unknown> {
  return typeof given === 'object' && given !== null && Symbol.asyncIterator in given
}

/** JSON has neither dates nor bytes: in an input, `{"$date":"..."}` and `{"$bytes":"..."}` are such. */
function revived(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input
  if ('$bytes' in input) return new Uint8Array(Buffer.from(String(input.$bytes), 'hex'))
  return '$date' in input ? new Date(String(input.$date)) : input
}
