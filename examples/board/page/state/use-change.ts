import type { MutationOptions } from '@hotline/react/options'
import { useIsMutating, useMutation } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Receipt } from '../../shared/model.ts'
import { explain } from '../notices/explain.ts'
import { useNotify } from '../notices/notices.tsx'

/** Told in a sentence why a change was refused. */
export type Refused = (sentence: string) => void

/** Makes one of the `changes`. `refused` is told why it wasn't made; left out, the notices are. */
export function useChange<Input, Err>(options: MutationOptions<Input, Receipt, Err, unknown>) {
  const notify = useNotify()
  const { mutateAsync } = useMutation(options)
  return useCallback(
    (input: Input, refused: Refused = notify) => {
      mutateAsync(input).catch((error: unknown) => {
        const sentence = explain(error)
        if (sentence !== undefined) refused(sentence)
      })
    },
    [mutateAsync, notify],
  )
}

/** How many changes have no answer yet. */
export function useUnsent(): number {
  return useIsMutating({ predicate: ({ meta }) => meta?.hotline !== undefined })
}
