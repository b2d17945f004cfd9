/** A table of a Markdown text: one object per row, by the words of the head. */
export type Table = readonly Readonly<Record<string, string>>[]

/** The first table behind each heading, by the heading's text. */
export function tablesByHeading(markdown: string): ReadonlyMap<string, readonly Table[]> {
  const sections = markdown.split(/^#{2,3} /m).slice(1)
  return new Map(
    sections.map((section) => {
      const [heading = ''] = section.split('\n', 1)
      return [heading, tablesIn(section)] as const
    }),
  )
}

/** The text of a cell without the backquotes around code. */
export function plain(cell: string | undefined): string {
  return (cell ?? '').replaceAll('`', '')
}

/** The number that a cell has, as people write it. */
export function number(cell: string | undefined): number {
  return Number((cell ?? '').replaceAll(',', ''))
}

function tablesIn(section: string): Table[] {
  return [...section.matchAll(/(?:^\|.*\|\n)+/gm)].map(([text]) => {
    const [head = [], , ...rows] = text.trimEnd().split('\n').map(cellsOf)
    return rows.map((cells) => Object.fromEntries(head.map((name, index) => [name, cells[index] ?? ''])))
  })
}

/** The tables of PROTOCOL.md have no bar inside a cell. */
function cellsOf(row: string): string[] {
  return row
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())
}
