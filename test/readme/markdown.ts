import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The Markdown files of a folder and all that are in it, as paths from the root. */
export function markdownIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !/(^|[/\\])(node_modules|dist)[/\\]/.test(path))
    .map((path) => join(folder, path))
}

/** The fenced blocks of a Markdown text in one language, in order. */
export function fencedBlocks(markdown: string, language: string): string[] {
  const blocks = markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))
  return [...blocks].map(([, body = '']) => body)
}

/** Where the links and images of a Markdown text lead, fenced blocks left out. */
export function linksOf(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
}

/** The anchors that headings give, as GitHub makes them. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '')
  const anchors = new Set<string>()
  for (const [, heading = ''] of prose.matchAll(/^#+ (.+)$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-')
    for (let count = 0; ; count++) {
      const name = count === 0 ? anchor : `${anchor}-${count}`
      if (anchors.has(name)) continue
      anchors.add(name)
      break
    }
  }
  return anchors
}

/** The npm script that a command runs, with the workspace it is in; `undefined` for anything else. */
export function scriptOf(command: string): { readonly script: string; readonly workspace: string } | undefined {
  const found = /^npm (?:run )?(start|test|(?<=run )[\w:-]+)\b(?:.* -w (\S+))?/.exec(command)
  return found === null ? undefined : { script: found[1] ?? '', workspace: found[2] ?? '.' }
}
