import type { Side } from './watcher.ts'

export type CallState = 'open' | 'accepted' | 'ended'

/** Clients open odd ids, servers even ones. */
export function isOpener(side: Side, id: number): boolean {
  return (side === 'client') === (id % 2 === 1)
}

/** At which end of its call each message may come, in which states of it, and what it makes of it. */
export const EXPECTED: Readonly<
  Record<
    string,
    { readonly at: 'opener' | 'answerer'; readonly in: readonly (CallState | undefined)[]; readonly makes?: CallState }
  >
> = {
  call: { at: 'answerer', in: [undefined], makes: 'open' },
  skip: { at: 'answerer', in: [undefined], makes: 'ended' },
  cancel: { at: 'answerer', in: ['open', 'accepted', 'ended'] },
  stream: { at: 'opener', in: ['open'], makes: 'accepted' },
  item: { at: 'opener', in: ['accepted'] },
  position: { at: 'opener', in: ['accepted'] },
  result: { at: 'opener', in: ['open', 'accepted'], makes: 'ended' },
  error: { at: 'opener', in: ['open', 'accepted'], makes: 'ended' },
}
