import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What a server keeps of a secret, so that its memory doesn't give it away. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** A hash as text, of a character for each byte: a Buffer takes several times as much, in each session. */
type Kept = string

function kept(hash: Buffer): Kept {
  return hash.toString('latin1')
}

/** Compared with where there is no secret, for the same work: the hash of none that anybody could say, the empty one included. */
const NOBODY = kept(randomBytes(32))

const NONE: readonly Kept[] = []

function isOf(secret: Kept | undefined, hash: Buffer): boolean {
  return timingSafeEqual(hash, Buffer.from(secret ?? NOBODY, 'latin1'))
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
  #presented: Kept | undefined
  #issued: Kept | undefined
  #ended: readonly Kept[] = NONE

  /** Another secret goes out; one that went out before and was never used ends. */
  issue(secret: string): void {
    this.#issued = kept(hashSecret(secret))
  }

  /** Whether `secret` is one of them. That it was one once is said a single time, for the log not to fill. */
  judge(secret: string): SecretVerdict {
    const hash = hashSecret(secret)
    const isIssued = isOf(this.#issued, hash)
    const isPresented = isOf(this.#presented, hash)
    if (isIssued || isPresented) return 'valid'
    const left = this.#ended.filter((ended) => ended !== kept(hash))
    if (left.length === this.#ended.length) return 'wrong'
    this.#ended = left
    return 'ended'
  }

  /** A resume has been granted for `secret`: it stays valid until the next one proves to have arrived. */
  present(secret: string): void {
    const hash = kept(hashSecret(secret))
    if (this.#presented !== undefined && this.#presented !== hash) this.#end(this.#presented)
    this.#presented = hash
  }

  /** The client has the secret issued last: the one presented before ends. */
  confirm(): void {
    if (this.#presented !== undefined) this.#end(this.#presented)
    this.#presented = undefined
  }

  #end(hash: Kept): void {
    this.#ended = [...this.#ended, hash].slice(-MAX_ENDED)
  }
}

/** Does the work of `judge` where there is no session to ask. */
export function judgeNobody(secret: string): 'wrong' {
  const hash = hashSecret(secret)
  isOf(undefined, hash)
  isOf(undefined, hash)
  return 'wrong'
}
