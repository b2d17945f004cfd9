import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** It builds first: that takes seconds, and more where other work has the machine. */
const TIMEOUT_MS = 60_000

const run = promisify(execFile)

describe('the minimal example', () => {
  test(
    'prints what its README says, and ends by itself',
    async () => {
      const env = { ...process.env, PORT: String(await freePort()) }
      const { stdout } = await run('npm', ['start', '--silent', '-w', 'examples/minimal'], { cwd: ROOT, env })
      // Before that it has built what it needs, and said so.
      expect(stdout.trim().split('\n').slice(-5)).toEqual([
        '1. milk',
        '2. bread',
        'No eggs: the list holds 2',
        'to do: milk',
        'to do: bread',
      ])
    },
    TIMEOUT_MS,
  )
})

/** A port that nobody listens on right now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('A TCP server has an address with a port.')
  return address.port
}
