/**
 * What a terminal or a log would take for something else than a character: control characters, the ends of lines of
 * Unicode, marks that turn the direction of text, and halves of characters.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

/** Text that a stranger chose, on one line: whatever isn't printable is shown by its number, as in `\\u{1b}`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escapeOf)
}

/** The same where ends of lines and tabs belong to the text, as in a stack. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE, (character) => (/[\n\t]/.test(character) ? character : escapeOf(character)))
}

function escapeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
