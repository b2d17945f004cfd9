import { useMutation } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Change, Receipt, Signed } from '../../shared/model.ts'
import { useLine } from '../line/line.ts'
import { explain } from '../notices/explain.ts'
import { useNotify } from '../notices/notices.tsx'
import { sendChange } from './send-change.ts'

export const CHANGE_KEY = ['change']

/** Makes a change: it shows at once (see `usePending`) and vanishes again when the server refuses it. */
export type MakeChange = (change: Change, refused?: (sentence: string) => void) => void

/** `refused` is told why, in a sentence for people. Left out, the sentence goes to the notices. */
export function useChange(): MakeChange {
  const { api, user } = useLine()
  const notify = useNotify()
  const { mutate } = useMutation<Receipt, Error, Signed & { readonly refused: (sentence: string) => void }>({
    mutationKey: CHANGE_KEY,
    mutationFn: ({ change }) => sendChange(api, change),
    onError: (error, { change, refused }) => {
      const sentence = explain(api, error, change)
      if (sentence !== undefined) refused(sentence)
    },
    networkMode: 'always',
  })
  return useCallback(
    (change, refused = notify) => mutate({ change, by: user, at: new Date(), refused }),
    [mutate, user, notify],
  )
}
