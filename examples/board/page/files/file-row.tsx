import { useMutation } from '@tanstack/react-query'
import type { TaskFile } from '../../shared/model.ts'
import { CloseIcon, DownloadIcon } from '../icons.tsx'
import { explain } from '../notices/explain.ts'
import { useNotify } from '../notices/notices.tsx'
import { hasPreview } from './picture-types.ts'
import { Preview } from './preview.tsx'
import { readFile } from './read-file.ts'
import { saveAs } from './save-as.ts'
import { sizeInWords } from './size-in-words.ts'

interface FileRowProps {
  readonly file: TaskFile
  readonly onRemove: () => void
}

/** A file of a task: what it is, what it looks like, and a button that saves it. */
export function FileRow({ file, onRemove }: FileRowProps) {
  const { download, isReading } = useDownload(file)
  return (
    <li className="file">
      {hasPreview(file) && <Preview file={file} />}
      <div className="file-line">
        <button
          type="button"
          className="file-save"
          aria-label={`Download ${file.name}`}
          title={file.name}
          aria-busy={isReading}
          disabled={isReading}
          onClick={download}
        >
          <DownloadIcon />
          <span className="file-name">{file.name}</span>
          <span className="file-size">{sizeInWords(file.size)}</span>
        </button>
        <button type="button" className="icon-button" aria-label={`Remove ${file.name}`} onClick={onRemove}>
          <CloseIcon />
        </button>
      </div>
    </li>
  )
}

function useDownload(file: TaskFile) {
  const notify = useNotify()
  const { mutate, isPending } = useMutation({
    // Whatever it is said to be, it is only ever saved.
    mutationFn: () => readFile(file, { type: 'application/octet-stream' }),
    onSuccess: (blob) => saveAs(blob, file.name),
    onError: (error) => notify(`“${file.name}”: ${explain(error) ?? 'It could not be fetched.'}`),
  })
  return { download: () => mutate(), isReading: isPending }
}
