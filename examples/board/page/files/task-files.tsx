import type { TaskFile } from '../../shared/model.ts'
import { changes } from '../state/changes.ts'
import { useChange } from '../state/use-change.ts'
import { FileRow } from './file-row.tsx'
import { UploadRow } from './upload-row.tsx'
import { useUploads } from './uploads.tsx'

interface TaskFilesProps {
  readonly task: string
  readonly files: readonly TaskFile[]
}

/** A task's files, and those on their way to it. */
export function TaskFiles({ task, files }: TaskFilesProps) {
  const remove = useChange(changes.removeFile)
  const known = new Set(files.map(({ id }) => id))
  const uploads = useUploads().uploads.filter((upload) => upload.task === task && !known.has(upload.id))
  if (files.length + uploads.length === 0) return null
  return (
    <ul className="files">
      {files.map((file) => (
        <FileRow key={file.id} file={file} onRemove={() => remove({ file: file.id })} />
      ))}
      {uploads.map((upload) => (
        <UploadRow key={upload.id} upload={upload} />
      ))}
    </ul>
  )
}
