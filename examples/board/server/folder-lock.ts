import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'

/**
 * Claims a folder for this process by a file beside it; two processes on one PGlite folder would destroy it. Gives back
 * the undo. A file left by a process that was killed names a process that isn't there, and is taken over.
 */
export function lockFolder(folder: string): () => void {
  const file = `${folder}.lock`
  const holder = holderOf(file)
  if (holder !== undefined) {
    throw new Error(
      `The data in ${folder} is in use by process ${holder}: stop that one first, or set BOARD_DATA to another folder.`,
    )
  }
  rmSync(file, { force: true })
  const descriptor = openSync(file, 'wx')
  writeSync(descriptor, String(process.pid))
  closeSync(descriptor)
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
