// A real Postgres server for as long as a test needs it: on a free port, with its data in a temporary folder.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePort } from './board-process.mjs'

/** Debian keeps the server's programs off the PATH. */
const DEBIAN = '/usr/lib/postgresql'

/** The folder of `postgres` and `initdb`, undefined when this machine hasn't got them. */
export function findPostgres() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : []
  const folders = [...versions.reverse(), ...(process.env.PATH ?? '').split(delimiter)]
  return folders.find((folder) => ['postgres', 'initdb'].every((program) => existsSync(join(folder, program))))
}

/** @typedef {Awaited<ReturnType<typeof startPostgres>>} PostgresProcess */

/** @param {string} programs the folder of `postgres` and `initdb` */
export async function startPostgres(programs) {
  const folder = mkdtempSync(join(tmpdir(), 'board-postgres-'))
  const user = unprivileged()
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const initdb = ['-D', data, '-U', 'board', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  const made = spawnSync(join(programs, 'initdb'), initdb, { ...user, cwd: folder, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb failed:\n${made.stdout}${made.stderr}`)

  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'].flatMap((each) => [
    '-c',
    each,
  ])
  const child = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  let output = ''
  await new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      output += chunk
      if (output.includes('ready to accept connections')) resolve(undefined)
    })
    child.once('exit', () => reject(new Error(`Postgres ended:\n${output}`)))
  })
  return {
    url: `postgres://board@127.0.0.1:${port}/postgres`,
    async end() {
      // Cuts off whoever is connected, and ends in good order.
      child.kill('SIGINT')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Postgres refuses to run as root; Debian has a user for it, and every system one called nobody. */
function unprivileged() {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim())
    if (uid) return { uid: Number(uid), gid: Number(gid) }
  }
  return {}
}
