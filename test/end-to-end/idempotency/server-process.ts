import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

export interface StartOptions {
  /** A free one without it. */
  readonly port?: number
  /** Whether its handlers stop between their effect and their result. */
  readonly hangs?: boolean
}

/** One server after the other on the same folder of files. */
export class ServerProcesses {
  readonly folder: string
  #child: ChildProcess | undefined

  private constructor(folder: string) {
    this.folder = folder
  }

  /** Bundles the program with everything it imports, from the sources, into a new folder. */
  static async build(): Promise<ServerProcesses> {
    const folder = await mkdtemp(join(tmpdir(), 'hotline-idempotency-'))
    await build({
      entry: { program: fileURLToPath(new URL('./server-program.ts', import.meta.url)) },
      outDir: folder,
      outExtension: () => ({ js: '.mjs' }),
      format: 'esm',
      target: 'node20',
      config: false,
      silent: true,
      noExternal: [/.*/],
      // ws is CommonJS and asks for Node's own modules by require.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      esbuildOptions: (options) => {
        options.conditions = ['@hotline/source']
      },
    })
    return new ServerProcesses(folder)
  }

  /** Starts one, and gives its port once it listens. */
  async start({ port = 0, hangs = false }: StartOptions = {}): Promise<number> {
    const env = { ...process.env, FOLDER: this.folder, PORT: String(port), HANGS: hangs ? 'yes' : 'no' }
    const child = fork(join(this.folder, 'program.mjs'), { env, execArgv: [] })
    this.#child = child
    const exited = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The server ended with ${code}.`)))
    // It ends one day; that is a failure only until it listens.
    exited.catch(() => {})
    const [message] = await Promise.race([once(child, 'message'), exited])
    // Its only message.
    return (message as { readonly port: number }).port
  }

  /** As the operating system does it that is out of memory. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  /** What handlers have done, whether or not they lived to say so. */
  async effects(): Promise<unknown[]> {
    const text = await readFile(join(this.folder, 'effects'), 'utf8')
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  }

  async close(): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true })
  }
}
