import { useMutation } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useCallback, useState } from 'react'
import { api } from '../hot.ts'
import { explain } from '../notices/explain.ts'
import { useNotify } from '../notices/notices.tsx'
import { chunksOf } from './chunks-of.ts'

/** A file on its way up. */
export interface Upload {
  readonly id: string
  readonly task: string
  readonly file: File
  readonly stop: AbortController
  /** Bytes that were taken so far. */
  readonly sent: number
}

interface Uploads {
  readonly uploads: readonly Upload[]
  readonly attach: (task: string, files: Iterable<File>) => void
}

const UploadsContext = createContext<Uploads | undefined>(undefined)

export function useUploads(): Uploads {
  const uploads = use(UploadsContext)
  if (uploads === undefined) throw new Error('useUploads() is called outside of <UploadsHere>.')
  return uploads
}

/** Keeps the uploads of this page. They are kept above the cards, since a card that is moved is drawn anew. */
export function UploadsHere({ children }: { readonly children: ReactNode }) {
  const notify = useNotify()
  const [uploads, setUploads] = useState<readonly Upload[]>([])

  const { mutate } = useMutation<unknown, Error, Upload>({
    // A cut only makes it pause. When the session is lost, the file is here to be read again, and its id adds it once.
    mutationFn: ({ id, task, file, stop }) => {
      const onTaken = (sent: number) => setUploads((all) => all.map((one) => (one.id === id ? { ...one, sent } : one)))
      return api.files.add(
        { file: id, task, name: file.name, type: file.type, size: file.size },
        { items: chunksOf(file, onTaken), signal: stop.signal },
      )
    },
    onError: (error, { file, stop }) => {
      const sentence = error.cause === undefined ? explain(error) : 'It could not be read. Choose it again.'
      if (!stop.signal.aborted && sentence !== undefined) notify(`“${file.name}”: ${sentence}`)
    },
    onSettled: (_data, _error, { id }) => setUploads((all) => all.filter((one) => one.id !== id)),
  })

  const attach = useCallback(
    (task: string, files: Iterable<File>) => {
      for (const file of files) {
        const upload = { id: crypto.randomUUID(), task, file, stop: new AbortController(), sent: 0 }
        setUploads((all) => [...all, upload])
        mutate(upload)
      }
    },
    [mutate],
  )
  return <UploadsContext value={{ uploads, attach }}>{children}</UploadsContext>
}
