import { createHash, timingSafeEqual } from 'node:crypto'

/** Compared with where there is no session: an unknown id takes the same work as a wrong secret. */
const NOBODY = hashSecret('')

/** What a server keeps of a secret, so that its memory doesn't give it away. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/**
 * The secrets that resume one session. The one presented last stays valid, since the answer that carries the next one
 * may be lost; it ends when the next one is used, or when the client says that it has it.
 */
export class SessionSecrets {
  #presented: Buffer | undefined
  #issued: Buffer | undefined

  /** Another secret goes out; one that went out before and was never used ends. */
  issue(secret: string): void {
    this.#issued = hashSecret(secret)
  }

  /** Whether `secret` is one of them. */
  has(secret: string): boolean {
    const hash = hashSecret(secret)
    const isIssued = timingSafeEqual(hash, this.#issued ?? NOBODY)
    const isPresented = timingSafeEqual(hash, this.#presented ?? NOBODY)
    return isIssued || isPresented
  }

  /** A resume has been granted for `secret`: it stays valid until the next one proves to have arrived. */
  present(secret: string): void {
    this.#presented = hashSecret(secret)
  }

  /** The client has the secret issued last: the one presented before ends. */
  confirm(): void {
    this.#presented = undefined
  }
}

/** Does the work of `has` where there is no session to ask. */
export function hasNobody(secret: string): false {
  const hash = hashSecret(secret)
  timingSafeEqual(hash, NOBODY)
  timingSafeEqual(hash, NOBODY)
  return false
}
