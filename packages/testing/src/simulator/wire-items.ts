import { PROTOCOL_LIMITS } from '@hotline/core/internal'
import { isOpener } from './expected-messages.ts'
import type { FlowRecord, FlowTask } from './flow.ts'
import type { Side } from './watcher.ts'

/** Which way the items of a call go: to its opener, or to its answerer. */
type Direction = 'down' | 'up'

/** What the wire has shown of the items of one direction, in one session. */
interface Items {
  readonly firstCredit: number
  /** Sum of what the reader gave beyond that, and of the sizes that came. */
  credit: number
  came: number
  count: number
  /** What its reader had read when it began. */
  readonly readBefore: number
  /** `stop` or `cancel` from the reader: it wants no more. `end`: there are no more. */
  isUnwanted: boolean
  isComplete: boolean
}

interface WireCall {
  readonly down: Items
  readonly up: Items
  readonly flow: FlowRecord | undefined
  hasEnded: boolean
}

const { firstCredit, mostCredit } = PROTOCOL_LIMITS

/**
 * What one session has shown of its streams in both directions, and what flow control promises of them: an item goes only
 * while there is credit; what may be out, and what a reader holds unread, is at most its window and one item; credit is
 * what was read and what the window grew by; and nobody asks for more of what they have done with.
 */
export class WireItems {
  readonly #flows: readonly FlowRecord[]
  readonly #calls = new Map<number, WireCall>()

  constructor(flows: readonly FlowRecord[]) {
    this.#flows = flows
  }

  /** A message has come to `side`. Says what is wrong with it. `mayOvertake`: large messages are on the way, so small ones may have passed others. */
  got(side: Side, message: readonly unknown[], mayOvertake: boolean): string | undefined {
    // Each of them has an id there.
    const [word, id] = message as readonly [word: string, id: number]
    if (word === 'call') return this.#opened(id, message)
    const call = this.#calls.get(id)
    if (call === undefined) return undefined
    const isAtOpener = isOpener(side, id)
    const name = `"${word}" for call ${id}`
    switch (word) {
      case 'item':
        return this.#gotItem(call, isAtOpener ? 'down' : 'up', Number(message[2]), name)
      case 'credit':
        return this.#gotCredit(call, isAtOpener ? 'up' : 'down', Number(message[2]), !mayOvertake && isAtOpener, name)
      case 'end':
        return gotEnd(call.up, name)
      case 'stop':
        return gotStop(call, !mayOvertake, name)
      case 'cancel':
        call.down.isUnwanted = true
        return undefined
      case 'result':
      case 'error':
        call.hasEnded = true
    }
    return undefined
  }

  #opened(id: number, [, , path, input, fields]: readonly unknown[]): undefined {
    // A call's fields are an object, and the input of a flow is its task.
    const { credit = firstCredit } = (fields ?? {}) as { readonly credit?: number }
    const flow = FLOW_PATHS.has(String(path)) ? this.#flows[(input as FlowTask).flow] : undefined
    this.#calls.set(id, {
      down: newItems(credit, flow?.items.length ?? 0),
      up: newItems(0, 0),
      flow,
      hasEnded: false,
    })
  }

  #gotItem(call: WireCall, direction: Direction, size: number, name: string): string | undefined {
    const items = call[direction]
    const { flow } = call
    const hadCredit = items.came < items.firstCredit + items.credit
    const unread = flow === undefined ? 0 : items.count - (readOf(flow, direction) - items.readBefore)
    items.came += size
    items.count++
    if (items.isComplete) return `${name} came after the end of its items`
    if (!hadCredit) return `${name} came without credit`
    if (call.hasEnded || items.isUnwanted) return undefined
    // One is in the reader's hands.
    const held = (unread - 1) * size
    return held > mostCredit ? `${name} came, and its reader held ${held} unread` : undefined
  }

  #gotCredit(call: WireCall, direction: Direction, size: number, isInOrder: boolean, name: string): string | undefined {
    const items = call[direction]
    items.credit += size
    const out = items.firstCredit + items.credit - items.came
    if (out > mostCredit) return `${name} lets ${out} be out`
    if (items.isUnwanted) return `${name} came after its reader had left`
    if (call.hasEnded && isInOrder) return `${name} came after its last word`
    const { flow } = call
    if (flow === undefined || items.count === 0) return undefined
    const given = items.firstCredit + items.credit
    const read = (readOf(flow, direction) - items.readBefore + 1) * Math.ceil(items.came / items.count)
    return given > read + mostCredit ? `${name} makes ${given} in all, and ${read} were read` : undefined
  }
}

function newItems(firstCredit: number, readBefore: number): Items {
  return { firstCredit, credit: 0, came: 0, count: 0, readBefore, isUnwanted: false, isComplete: false }
}

function gotEnd(up: Items, name: string): string | undefined {
  if (up.isComplete) return `${name} came twice`
  up.isComplete = true
  return undefined
}

function gotStop({ up, hasEnded }: WireCall, isInOrder: boolean, name: string): string | undefined {
  if (up.isUnwanted) return `${name} came twice`
  up.isUnwanted = true
  return hasEnded && isInOrder ? `${name} came after its last word` : undefined
}

/** How many items the application at the reading end has taken: of an upload only one run gets any. */
function readOf({ items, runs }: FlowRecord, direction: Direction): number {
  return direction === 'down' ? items.length : Math.max(0, ...runs.map((run) => run.items.length))
}

const FLOW_PATHS = new Set(['flood', 'upload', 'both'])

/** Whether a message is about the items of a call, and not about the call. */
export function isAboutItems(side: Side, [word, id]: readonly unknown[]): boolean {
  return word === 'credit' || word === 'end' || word === 'stop' || (word === 'item' && !isOpener(side, Number(id)))
}
