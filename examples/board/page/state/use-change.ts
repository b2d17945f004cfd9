import { useMutation } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { PromptChange, Receipt, Signed } from '../../shared/model.ts'
import { useLine } from '../line/line.ts'
import { explain } from '../notices/explain.ts'
import { useNotify } from '../notices/notices.tsx'
import { isAboutTheLine } from './is-about-the-line.ts'
import { sendChange } from './send-change.ts'

export const CHANGE_KEY = ['change']

/** Makes a change: it shows at once (see `usePending`) and vanishes again when the server refuses it. */
export type MakeChange = (change: PromptChange, refused?: (sentence: string) => void) => void

/** What is wanted. The key is made with it and stays the same through all attempts, so that they change the board once. */
interface Intent extends Signed {
  readonly change: PromptChange
  readonly key: string
  readonly refused: (sentence: string) => void
}

/** `refused` is told why, in a sentence for people. Left out, the sentence goes to the notices. */
export function useChange(): MakeChange {
  const { api, user } = useLine()
  const notify = useNotify()
  const { mutate } = useMutation<Receipt, Error, Intent>({
    mutationKey: CHANGE_KEY,
    mutationFn: ({ change, key }) => sendChange(api, change, key),
    onError: (error, { change, refused }) => {
      const sentence = explain(api, error, change)
      if (sentence !== undefined) refused(sentence)
    },
    networkMode: 'always',
    // Whether it was made is not known, and needn't be: the server knows its key for a day.
    retry: (_, error) => isAboutTheLine(error),
  })
  return useCallback(
    (change, refused = notify) => mutate({ change, by: user, at: new Date(), key: crypto.randomUUID(), refused }),
    [mutate, user, notify],
  )
}
