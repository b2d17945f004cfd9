/** One reading for everybody who asks until something has changed: after each change all pages ask at once. */
export class SharedReading<Value> {
  readonly #read: () => Promise<Value>
  #reading: Promise<Value> | undefined

  constructor(read: () => Promise<Value>) {
    this.#read = read
  }

  get(): Promise<Value> {
    this.#reading ??= this.#begin()
    return this.#reading
  }

  /** To be called when a change is committed: who asks from now on sees it. */
  forget(): void {
    this.#reading = undefined
  }

  /** What fails is tried again by who asks next. */
  #begin(): Promise<Value> {
    const reading = this.#read()
    reading.catch(() => {
      if (this.#reading === reading) this.forget()
    })
    return reading
  }
}
