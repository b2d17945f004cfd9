/** Everything a driver needs from outside: time, chance, and a later turn. The simulator has its own. */
export interface Environment {
  /** Milliseconds that never run backwards. */
  now(): number
  /** Calls back once, not before `delayMs` have passed. Returns the undo. */
  setTimer(callback: () => void, delayMs: number): () => void
  /** Calls back when what happens now is over: after the read event on a server, after the microtask in a browser. */
  defer(callback: () => void): void
  /** From 0 up to 1. */
  random(): number
  /** A new random id of letters, digits, `-` and `_`: six bits a character, from a source that nobody can guess. */
  newId(characters: number): string
}
