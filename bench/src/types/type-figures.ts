/** What the compiler counted for a generated program of so many procedures, each called once. */
export interface TypeFigures {
  readonly title: string
  readonly procedures: number
  /** Server and client in one program. */
  readonly program: Counted
  /** A client that has only the server's emitted declarations; `null` where it wasn't compiled. */
  readonly client: Counted | null
}

interface Counted {
  readonly types: number
  readonly instantiations: number
}
