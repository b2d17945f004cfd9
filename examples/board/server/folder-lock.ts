import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** One that was just told to stop is given this long to be gone: longer than its clients have. */
const PATIENCE_MS = 5000
const LOOK_AGAIN_MS = 100

/**
 * Claims a folder for this process by a file beside it; two processes on one PGlite folder would destroy it. Gives back
 * the undo. A file left by a process that was killed names a process that isn't there, and is taken over.
 */
export async function lockFolder(folder: string, patienceMs = PATIENCE_MS): Promise<() => void> {
  const file = `${folder}.lock`
  let holder = holderOf(file)
  for (let waited = 0; holder !== undefined && waited < patienceMs; waited += LOOK_AGAIN_MS) {
    await pause(LOOK_AGAIN_MS)
    holder = holderOf(file)
  }
  if (holder !== undefined) {
    throw new Error(
      `The data in ${folder} is in use by process ${holder}: stop that one first, or set BOARD_DATA to another folder.`,
    )
  }
  rmSync(file, { force: true })
  writeFileSync(file, String(process.pid), { flag: 'wx' })
  return () => rmSync(file, { force: true })
}

function holderOf(file: string): number | undefined {
  const pid = Number(readIfThere(file))
  // In a container every start may get the same number: our own isn't another's.
  return pid > 0 && pid !== process.pid && isRunning(pid) ? pid : undefined
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
