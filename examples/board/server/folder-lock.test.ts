import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from './folder-lock.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'board-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the lock of a folder', () => {
  it('is there until it is undone', async () => {
    const data = join(folder, 'data')
    const unlock = await lockFolder(data)
    expect(existsSync(`${data}.lock`)).toBe(true)
    unlock()
    expect(existsSync(`${data}.lock`)).toBe(false)
  })

  it('is taken over from a process that is gone, and waited for while it is going', async () => {
    const data = join(folder, 'data')
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
    await once(other, 'spawn')
    await writeFile(`${data}.lock`, String(other.pid))
    const lock = lockFolder(data)
    other.kill('SIGKILL')
    const unlock = await lock
    unlock()
  })

  it('is refused while another process holds it, with its number', async () => {
    const data = join(folder, 'data')
    await writeFile(`${data}.lock`, String(process.ppid))
    await expect(lockFolder(data, 0)).rejects.toThrow(`is in use by process ${process.ppid}`)
  })
})
