import type { WrittenAttachment } from './binary-frame.ts'

/** Who writes a line: the client, the server. */
export type Side = 'C' | 'S'

/** One line of a transcript, in the notation of PROTOCOL.md, "Transcripts". */
export type Line =
  /** `node`: what its URL names, as JSON text. */
  | { readonly name: 'opens'; readonly node: string | undefined }
  | {
      readonly name: 'message'
      readonly from: Side
      readonly text: string
      /** Of a binary frame; its text is the header then. */
      readonly attachments: readonly WrittenAttachment[] | undefined
      readonly isLost: boolean
    }
  | { readonly name: 'closes'; readonly by: Side; readonly code: number }
  | { readonly name: 'cut' }
  | { readonly name: 'restart' }
  | { readonly name: 'drain' }
  | { readonly name: 'pass'; readonly ms: number }
  | { readonly name: 'signs in'; readonly auth: unknown }
  | {
      readonly name: 'calls'
      readonly call: string
      readonly path: string
      readonly input: unknown
      readonly options: object | undefined
    }
  | { readonly name: 'cancels'; readonly call: string }
  | { readonly name: 'sees'; readonly call: string; readonly what: string; readonly value: unknown }

export interface Transcript {
  readonly title: string
  /** Whether no client of ours would write its C lines. */
  readonly isServerOnly: boolean
  readonly lines: readonly Line[]
}

/** What a client's application may see of a call. */
const SIGHTS = ['result', 'error', 'item', 'end']

/** Every fenced block of a Markdown text whose language is `transcript`; its title is the bold line above it. */
export function readTranscripts(markdown: string): Transcript[] {
  const blocks = markdown.matchAll(/^\*\*(.+)\*\*.*\n\n```transcript( server-only)?\n([\s\S]*?)^```$/gm)
  return [...blocks].map(([, title = '', serverOnly, body = '']) => ({
    title,
    isServerOnly: serverOnly !== undefined,
    lines: body
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((line) => readLine(line)),
  }))
}

/** @throws Error for a line that the notation doesn't have. */
export function readLine(line: string): Line {
  for (const [pattern, make] of NOTATION) {
    const found = pattern.exec(line)
    if (found !== null) return make(found.slice(1).map((group) => group ?? ''))
  }
  throw new Error(`The notation of transcripts has no line like this: ${line}`)
}

const NOTATION: readonly (readonly [RegExp, (groups: readonly string[]) => Line])[] = [
  [/^C opens(?: naming (".+"))?$/, ([node]) => ({ name: 'opens', node: node === '' ? undefined : node })],
  [/^([CS]) closes (\d+)$/, ([by, code]) => ({ name: 'closes', by: side(by), code: Number(code) })],
  [
    /^([CS]): (.*?)( \+(?: \[\d+,"[\da-f]*"\])*)?( -- lost)?$/,
    ([from, text = '', attached = '', lost]) => ({
      name: 'message',
      from: side(from),
      text,
      attachments:
        attached === ''
          ? undefined
          : attached
              .split(' ')
              .slice(2)
              .map((each) => JSON.parse(each)),
      isLost: lost !== '',
    }),
  ],
  [/^the line is cut$/, () => ({ name: 'cut' })],
  [/^the server starts anew$/, () => ({ name: 'restart' })],
  [/^the server drains$/, () => ({ name: 'drain' })],
  [/^(\d+) ms pass$/, ([ms]) => ({ name: 'pass', ms: Number(ms) })],
  [/^app signs in with (.+)$/, ([auth = '']) => ({ name: 'signs in', auth: JSON.parse(auth) })],
  [
    /^app calls (\S+) as (\w+)(?: (?!with )(.+?))?(?: with (.+))?$/,
    ([path = '', call = '', input = '', options = '']) => ({
      name: 'calls',
      path,
      call,
      input: input === '' ? undefined : JSON.parse(input),
      options: options === '' ? undefined : JSON.parse(options),
    }),
  ],
  [/^app cancels (\w+)$/, ([call = '']) => ({ name: 'cancels', call })],
  [
    new RegExp(`^app sees (\\w+) (${SIGHTS.join('|')}) (.+)$`),
    ([call = '', what = '', value = '']) => ({ name: 'sees', call, what, value: JSON.parse(value) }),
  ],
]

function side(letter: string | undefined): Side {
  return letter === 'C' ? 'C' : 'S'
}
