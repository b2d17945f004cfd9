import { CONTENDER_NAMES } from '../contenders/contenders.ts'

/** A colour of each contender's, on light and on dark ground. Ours is the strongest, what is written by hand is grey. */
const COLOURS: readonly (readonly [light: string, dark: string])[] = [
  ['#57606a', '#b1bac4'],
  ['#8c959f', '#768390'],
  ['#cf222e', '#ff7b72'],
  ['#0969da', '#58a6ff'],
  ['#8250df', '#bc8cff'],
  ['#bc4c00', '#f0883e'],
  ['#1a7f37', '#3fb950'],
  ['#9a6700', '#d29922'],
  ['#bf3989', '#ff9bce'],
]

/** The class that an element of a contender's has. */
export function colourClass(contender: string): string {
  // A list of names is one of strings, too.
  return `c${(CONTENDER_NAMES as readonly string[]).indexOf(contender)}`
}

/** What all charts look like; a reader's system says whether light or dark. */
export const STYLE = `<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 14px; font-weight: 600; }
.small { font-size: 11px; fill: #59636e; }
.end { text-anchor: end; }
.middle { text-anchor: middle; }
.ground { fill: #ffffff; }
.grid { stroke: #d1d9e0; stroke-width: 1; }
.one { stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 4 3; }
.line { fill: none; stroke-width: 2; }
.strong { stroke-width: 3.5; }
${COLOURS.map(([light], index) => `.c${index} { fill: ${light}; stroke: ${light}; }`).join('\n')}
.line { fill: none; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.small { fill: #9198a1; }
.ground { fill: #0d1117; }
.grid { stroke: #30363d; }
.one { stroke: #e6edf3; }
${COLOURS.map(([, dark], index) => `.c${index} { fill: ${dark}; stroke: ${dark}; }`).join('\n')}
.line { fill: none; }
}
</style>`
