/** As much of a Standard Schema as says what it takes and gives. */
interface SchemaOf<Value> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly types?: { readonly input: Value; readonly output: Value }
    validate(value: unknown): { readonly value: Value }
  }
}

/** Takes every input as it is: the simulator is after the line, not after schemas. */
export function asItIs<Value>(): SchemaOf<Value> {
  // Simulated ends send nothing but what they should.
  return { '~standard': { version: 1, vendor: 'hotline', validate: (value) => ({ value: value as Value }) } }
}
