import type { TaskFile } from '../../shared/model.ts'

/** What may be shown in an <img>. An SVG is a document, with scripts and all, and not among them. */
const PICTURE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']

/** A larger one is fetched only when somebody downloads it. */
const PREVIEW_BYTES = 4 * 1024 ** 2

export function hasPreview({ type, size }: TaskFile): boolean {
  return PICTURE_TYPES.includes(type) && size <= PREVIEW_BYTES
}
