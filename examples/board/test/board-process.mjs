// The board's server as a process of its own, the way `npm start` runs it: on a port and a data folder of your choice.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/server/main.js', import.meta.url))

/** A port that nobody listens on right now. */
export async function freePort() {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('A TCP server has an address with a port.')
  return address.port
}

/** @typedef {Awaited<ReturnType<typeof startBoard>>} BoardProcess */

/**
 * Starts the server and waits until it says that it is ready. It keeps its data in a folder or on a Postgres server.
 * @param {{ port: number, data: string } | { port: number, databaseUrl: string }} options
 */
export async function startBoard({ port, ...place }) {
  const where = 'data' in place ? { BOARD_DATA: place.data } : { DATABASE_URL: place.databaseUrl }
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, DATABASE_URL: undefined, PORT: String(port), ...where },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  /** @type {string[]} */
  const output = []
  const exited = once(child, 'exit')
  await new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk) => output.push(String(chunk)))
    child.stdout.on('data', (chunk) => {
      output.push(String(chunk))
      if (output.join('').includes('http://localhost')) resolve(undefined)
    })
    child.once('exit', (code) => reject(new Error(`The board ended with code ${code}:\n${output.join('')}`)))
  })
  return {
    url: `http://localhost:${port}`,
    signal(/** @type {NodeJS.Signals} */ signal) {
      child.kill(signal)
    },
    /** Ends this very process and waits until it is gone. Gives its exit code, null when a signal ended it. */
    async end(/** @type {'SIGTERM' | 'SIGKILL'} */ signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await exited
      return child.exitCode
    },
    get output() {
      return output.join('')
    },
  }
}
