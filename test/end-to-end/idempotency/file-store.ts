import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { IdempotencyKey, IdempotencyState, IdempotencyStore } from '@hotline/server'

/**
 * Keeps keys in a file that only grows, each change a line that is on the disk before anything goes on. What runs when
 * the file is opened ran in a process that is gone: it is in doubt.
 */
export function fileStore(path: string): IdempotencyStore & AsyncDisposable {
  const states = new Map<string, IdempotencyState>()
  for (const { name, state } of readLines(path)) {
    if (state === null) states.delete(name)
    else states.set(name, state.name === 'running' ? { ...state, name: 'inDoubt' } : state)
  }
  const file = openSync(path, 'a')
  const write = (key: IdempotencyKey, state: IdempotencyState | null) => {
    const name = nameOf(key)
    if (state === null) states.delete(name)
    else states.set(name, state)
    appendLine(file, { name, state })
  }
  return {
    // Through a promise, as a database would.
    isDurable: true,

    async begin(key, inputHash) {
      const known = states.get(nameOf(key))
      if (known === undefined) write(key, { name: 'running', inputHash })
      return known ?? { name: 'claimed' }
    },
    async finish(key, outcome) {
      const known = states.get(nameOf(key))
      if (known?.name === 'running' || known?.name === 'inDoubt') write(key, { ...known, name: 'done', outcome })
    },
    async release(key) {
      write(key, null)
    },
    async [Symbol.asyncDispose]() {
      closeSync(file)
    },
  }
}

/** Writes a line and waits until it is on the disk. */
export function appendLine(file: number, line: unknown): void {
  writeSync(file, `${JSON.stringify(line)}\n`)
  fsyncSync(file)
}

/** The lines of such a file; a last one that was cut off by a crash never happened. */
function readLines(path: string): { readonly name: string; readonly state: IdempotencyState | null }[] {
  return readFileSync(path, { encoding: 'utf8', flag: 'a+' })
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

function nameOf({ scope, path, key }: IdempotencyKey): string {
  return JSON.stringify([scope, path, key])
}
