import { type MutationState, useIsMutating, useMutationState } from '@tanstack/react-query'
import type { Receipt, Signed } from '../../shared/model.ts'
import { CHANGE_KEY } from './use-change.ts'

/**
 * The changes made here that the server's events don't contain yet, up to event number `last`: those still without an
 * answer, and those whose answer came before their event. Shown on top of the confirmed state, they need no undoing:
 * once refused, a change is no longer in this list.
 */
export function usePending(last: number): readonly Signed[] {
  const changes = useMutationState({
    filters: { mutationKey: CHANGE_KEY },
    // The filter's key is used by `useChange` alone, so these are its variables and its receipts.
    select: (mutation) => mutation.state as MutationState<Receipt, Error, Signed>,
  })
  return changes.flatMap(({ status, data, variables }) => {
    const isPending = status === 'pending' || (status === 'success' && data !== undefined && data.event > last)
    return isPending && variables !== undefined ? [variables] : []
  })
}

/** How many changes made here have no answer yet. */
export function useUnsent(): number {
  return useIsMutating({ mutationKey: CHANGE_KEY })
}
