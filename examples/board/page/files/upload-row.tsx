import { CloseIcon } from '../icons.tsx'
import type { Upload } from './uploads.tsx'

/** A file on its way: how far it is, and a button that calls it back. */
export function UploadRow({ upload: { file, sent, stop } }: { readonly upload: Upload }) {
  const percent = file.size === 0 ? 100 : Math.floor((sent / file.size) * 100)
  return (
    <li className="file">
      <div className="file-line">
        <span className="file-name" title={file.name}>
          {file.name}
        </span>
        <span className="file-size">{percent} %</span>
        <button
          type="button"
          className="icon-button"
          aria-label={`Cancel upload of ${file.name}`}
          onClick={() => stop.abort()}
        >
          <CloseIcon />
        </button>
      </div>
      <progress aria-label={`Upload of ${file.name}`} max={100} value={percent} />
    </li>
  )
}
