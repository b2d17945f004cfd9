/** A change that is shown over the server's value until that has it. */
export interface Layer {
  /** What the change makes of a value. Made on one that has it already, it changes nothing that matters. */
  apply(value: unknown): unknown
  /** Whether the server's value has it. Without this, only a read that began after the answer is known to. */
  isIn: ((value: unknown) => boolean) | undefined
  /** How many reads had begun when the change was answered. */
  answeredAt: number | undefined
}
