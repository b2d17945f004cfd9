import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** A place in a file, lines and characters counted from 0 as the language server protocol does. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly character: number
}

/** How long the compiler may take for one answer. */
const ANSWER_MS = 45_000

const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')

/** TypeScript's own language server, the one that editors ask: `tsc --lsp --stdio`. */
export class LanguageServer {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #answers = new Map<number, (answer: unknown) => void>()
  #lastId = 0
  #received = Buffer.alloc(0)

  constructor() {
    this.#process = spawn(process.execPath, [tsc, '--lsp', '--stdio'])
    this.#process.stdout.on('data', (chunk: Buffer) => this.#take(chunk))
  }

  async start(folder: string): Promise<void> {
    const rootUri = pathToFileURL(folder).href
    await this.#ask('initialize', { processId: process.pid, rootUri, capabilities: {} })
    this.#tell('initialized', {})
  }

  /** Where the definitions of what stands at a place are. */
  async definitionsAt({ file, line, character }: Place): Promise<Place[]> {
    const uri = pathToFileURL(file).href
    const text = readFileSync(file, 'utf8')
    this.#tell('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 1, text } })
    const found = await this.#ask('textDocument/definition', { textDocument: { uri }, position: { line, character } })
    return placesIn(found)
  }

  /** Ends the process. */
  stop(): void {
    this.#process.kill()
  }

  #ask(method: string, params: object): Promise<unknown> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The language server did not answer "${method}".`)), ANSWER_MS)
      this.#process.once('exit', (code) => reject(new Error(`The language server ended with code ${code}.`)))
      this.#answers.set(id, (answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
      this.#write({ id, method, params })
    })
  }

  #tell(method: string, params: object): void {
    this.#write({ method, params })
  }

  #write(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message })
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    for (;;) {
      const header = /Content-Length: (\d+)\r\n\r\n/.exec(this.#received.toString('latin1'))
      if (header === null) return
      const start = header.index + header[0].length
      const end = start + Number(header[1])
      if (this.#received.length < end) return
      this.#hear(JSON.parse(this.#received.toString('utf8', start, end)))
      this.#received = this.#received.subarray(end)
    }
  }

  #hear(message: { readonly id?: number; readonly method?: string; readonly result?: unknown }): void {
    if (message.id === undefined) return
    // A question of the server's own: nothing of it is offered here.
    if (message.method !== undefined) return this.#write({ id: message.id, result: null })
    this.#answers.get(message.id)?.(message.result)
    this.#answers.delete(message.id)
  }
}

/** One location, several, or none, as the protocol allows. */
function placesIn(found: unknown): Place[] {
  if (found === null || found === undefined) return []
  const locations = (Array.isArray(found) ? found : [found]) as readonly {
    readonly uri: string
    readonly range: { readonly start: { readonly line: number; readonly character: number } }
  }[] // the shape of the protocol's Location
  return locations.map(({ uri, range }) => ({ file: fileURLToPath(uri), ...range.start }))
}
