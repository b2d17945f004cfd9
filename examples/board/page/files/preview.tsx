import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { TaskFile } from '../../shared/model.ts'
import { readFile } from './read-file.ts'

/** A picture, once its bytes are here. What says it is one and isn't shows nothing. */
export function Preview({ file }: { readonly file: TaskFile }) {
  const url = useObjectUrl(usePicture(file))
  const [isBroken, setBroken] = useState(false)
  if (isBroken) return null
  return (
    <div className="preview">
      {url !== undefined && (
        <img src={url} alt={`Preview of ${file.name}`} draggable={false} onError={() => setBroken(true)} />
      )}
    </div>
  )
}

function usePicture(file: TaskFile): Blob | undefined {
  const { data } = useQuery({
    queryKey: ['picture', file.id],
    queryFn: ({ signal }) => readFile(file, { type: file.type, signal }),
    // A file never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data
}

/** An address for bytes in memory, for as long as they are shown: what isn't revoked is kept until the page goes. */
function useObjectUrl(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (blob === undefined) return undefined
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return url
}
