import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Building takes seconds, and more where other work has the machine. */
const TIMEOUT_MS = 60_000

const run = promisify(execFile)

describe('the minimal example', () => {
  beforeAll(async () => {
    const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' }
    await run('npm', ['exec', '--', 'turbo', 'run', 'build', '--filter=@hotline/example-minimal'], { cwd: ROOT, env })
  }, TIMEOUT_MS)

  test(
    'prints what its README says, and ends by itself',
    async () => {
      const env = { ...process.env, PORT: String(await freePort()) }
      const { stdout } = await run('npm', ['start', '--silent', '-w', 'examples/minimal'], { cwd: ROOT, env })
      expect(stdout.trim().split('\n')).toEqual([
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
