import type { BlockReport } from './processes/loop-watch.ts'
import type { EndsReport } from './wire/ends.ts'

/** What an attacker has seen, counted. */
export type Facts = Readonly<Record<string, number>>

/** What a process takes, after garbage collection. */
export interface Memory {
  readonly rssBytes: number
  /** The heap and what lies beside it for objects of the heap. */
  readonly heldBytes: number
}

/** What the victim's handlers and sessions were at most, and are. */
export interface Load {
  /** Handlers at once, for one connection. */
  readonly mostOfOne: number
  readonly running: number
  readonly detachedSessions: number
}

/** How quickly somebody harmless was served, in milliseconds. */
export interface Service {
  readonly calls: number
  readonly failed: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly connectP99Ms: number
}

/** What one attack has shown. */
export interface Outcome {
  readonly sockets: number
  readonly notes: readonly string[]
  readonly facts: Facts
  readonly ends: EndsReport
  readonly before: Memory
  readonly height: Memory
  readonly load: Load
  readonly block: BlockReport
  /** The same of a process that does nothing: what the machine is to blame for. */
  readonly machine: BlockReport
  readonly quiet: Service
  readonly beside: Service
}

/** What one hostile socket holds, as a mean; at least 0. */
export function bytesEach({ sockets, before, height }: Outcome): { readonly held: number; readonly rss: number } {
  const each = (bytes: number) => Math.max(0, bytes) / Math.max(1, sockets)
  return { held: each(height.heldBytes - before.heldBytes), rss: each(height.rssBytes - before.rssBytes) }
}
