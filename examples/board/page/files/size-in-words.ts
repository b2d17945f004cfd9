const UNITS = ['bytes', 'KiB', 'MiB'] as const

/** "640 bytes", "1.2 MiB". */
export function sizeInWords(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1)
  const amount = new Intl.NumberFormat('en', { maximumFractionDigits: power === 2 ? 1 : 0 }).format(
    bytes / 1024 ** power,
  )
  return `${amount} ${UNITS[power]}`
}
