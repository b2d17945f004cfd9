/** A change that is shown over the server's value until that has it. */
export interface Layer {
  /** What the change makes of a value. Made on one that has it already, it changes nothing that matters. */
  apply(value: unknown): unknown
  /** Whether the server's value has it, by the answer. Without this, only a read that began after that is known to. */
  readonly isIn: ((value: unknown, result: unknown) => boolean) | undefined
  /** What the change was answered with, and how many reads had begun by then. */
  answer: { readonly reads: number; readonly result: unknown } | undefined
}
