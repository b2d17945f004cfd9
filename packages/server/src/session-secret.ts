import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A hash as text, of a character for each byte: a Buffer takes several times as much, in each session. */
type Hash = string

/** What a server keeps of a secret, so that its memory doesn't give it away. */
export function hashSecret(secret: string): Hash {
  return hash('sha256', secret, 'binary')
}

/** Compared with where there is no secret, for the same work: the hash of none that anybody could say, the empty one included. */
const NOBODY: Hash = randomBytes(32).toString('latin1')

const NONE: readonly Hash[] = []

function isSame(one: Hash, other: Hash = NOBODY): boolean {
  return timingSafeEqual(Buffer.from(one, 'latin1'), Buffer.from(other, 'latin1'))
}

/** What a secret is to a session: `ended` is one that it once had. */
export type SecretVerdict = 'valid' | 'ended' | 'wrong'

/** Ended secrets that a session remembers, to tell a thief from a typing error. */
const MAX_ENDED = 8

/**
 * The secrets that resume one session. The one presented last stays valid, since the answer that carries the next one
 * may be lost; it ends when the next one is used, or when the client says that it has it.
 */
export class SessionSecrets {
  #presented: Hash | undefined
  #issued: Hash | undefined
  #ended: readonly Hash[] = NONE

  /** Another secret goes out; one that went out before and was never used ends. */
  issue(secret: string): void {
    this.#issued = hashSecret(secret)
  }

  /** Whether `secret` is one of them. That it was one once is said a single time, for the log not to fill. */
  judge(secret: string): SecretVerdict {
    const said = hashSecret(secret)
    const isIssued = isSame(said, this.#issued)
    const isPresented = isSame(said, this.#presented)
    if (isIssued || isPresented) return 'valid'
    const left = this.#ended.filter((ended) => ended !== said)
    if (left.length === this.#ended.length) return 'wrong'
    this.#ended = left
    return 'ended'
  }

  /** A resume has been granted for `secret`: it stays valid until the next one proves to have arrived. */
  present(secret: string): void {
    const said = hashSecret(secret)
    if (this.#presented !== undefined && this.#presented !== said) this.#end(this.#presented)
    this.#presented = said
  }

  /** The client has the secret issued last: the one presented before ends. */
  confirm(): void {
    if (this.#presented !== undefined) this.#end(this.#presented)
    this.#presented = undefined
  }

  #end(ended: Hash): void {
    this.#ended = [...this.#ended, ended].slice(-MAX_ENDED)
  }
}

/** Does the work of `judge` where there is no session to ask. */
export function judgeNobody(secret: string): 'wrong' {
  const said = hashSecret(secret)
  isSame(said)
  isSame(said)
  return 'wrong'
}
