/** The items of one stream that are at this end. */
export interface StreamStats {
  /** The procedure's. */
  readonly path: string
  /** `in`: they came here and weren't read. `out`: they wait here for the line. */
  readonly direction: 'in' | 'out'
  /** As credit counts it: characters of their JSON and bytes. */
  readonly size: number
}
