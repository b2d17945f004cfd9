/** Longer than a browser takes to begin reading what it was told to save. */
const READ_BY_THEN_MS = 10_000

/** Saves bytes among the downloads, under a name. */
export function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), READ_BY_THEN_MS)
}
