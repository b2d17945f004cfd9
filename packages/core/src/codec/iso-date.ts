// `toISOString` takes nine times as long and `Date.parse` twice, and dates are what lists of rows are full of.

const DAY = 86_400_000
const MINUTE = 60_000

/** Dates of these months are written and read by tables; those of others by the engine. */
const FIRST_YEAR = 1_900
const MONTHS = 200 * 12

/** The first day of each month, and of the one behind the last, counted from 1970: the engine knows the calendar. */
const FIRST_DAYS = Array.from({ length: MONTHS + 1 }, (_, month) => Date.UTC(FIRST_YEAR, month) / DAY)
const [FIRST_DAY = 0] = FIRST_DAYS
const DAYS_OF_MONTH = 365.2425 / 12

const PAIRS = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))
const YEAR_MONTHS = Array.from({ length: MONTHS }, (_, month) => {
  return `${FIRST_YEAR + whole(month / 12)}-${PAIRS[(month % 12) + 1]}-`
})
const MINUTES = Array.from({ length: 1_440 }, (_, value) => `T${PAIRS[whole(value / 60)]}:${PAIRS[value % 60]}:`)
const MILLISECONDS = Array.from({ length: 1_000 }, (_, value) => `.${String(value).padStart(3, '0')}Z`)

/** What `date.toISOString()` gives; `undefined` for an invalid date. */
export function isoText(date: Date): string | undefined {
  const time = date.getTime()
  if (Number.isNaN(time)) return undefined
  const days = Math.floor(time / DAY)
  // No month begins later than three days behind its twelfth of a year: so it is this one or the next.
  const guess = whole((days - FIRST_DAY - 3) / DAYS_OF_MONTH)
  const month = days < firstDay(guess + 1) ? guess : guess + 1
  if (!(days >= FIRST_DAY && month < MONTHS)) return date.toISOString()
  const ofDay = time - days * DAY
  const minutes = whole(ofDay / MINUTE)
  const ofMinute = ofDay - minutes * MINUTE
  const seconds = whole(ofMinute / 1_000)
  const day = PAIRS[days - firstDay(month) + 1]
  return `${YEAR_MONTHS[month]}${day}${MINUTES[minutes]}${PAIRS[seconds]}${MILLISECONDS[ofMinute - seconds * 1_000]}`
}

/** Longer text is no date, and isn't looked at. */
const MAX_CHARACTERS = 64

/** The date that `text` says, or `undefined`. */
export function parseDate(text: string): Date | undefined {
  if (text.length > MAX_CHARACTERS) return undefined
  const time = USUAL.test(text) ? timeOf(text) : Number.NaN
  const date = new Date(Number.isNaN(time) ? text : time)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** What `toISOString` writes for years of four digits, but that a month may be too short for the day. */
const USUAL = /^\d{4}-(?:0[1-9]|1[0-2])-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/** Of usual text; `NaN` where it names a month that isn't in the table, or a day that isn't in its month. */
function timeOf(text: string): number {
  const month = (pair(text, 0) * 100 + pair(text, 2) - FIRST_YEAR) * 12 + pair(text, 5) - 1
  const day = firstDay(month) + pair(text, 8) - 1
  if (!(day >= firstDay(month) && day < firstDay(month + 1))) return Number.NaN
  const minutes = pair(text, 11) * 60 + pair(text, 14)
  const milliseconds = pair(text, 20) * 10 + digit(text, 22)
  return day * DAY + minutes * MINUTE + pair(text, 17) * 1_000 + milliseconds
}

function firstDay(month: number): number {
  return FIRST_DAYS[month] ?? Number.NaN
}

function pair(text: string, index: number): number {
  return digit(text, index) * 10 + digit(text, index + 1)
}

function digit(text: string, index: number): number {
  return text.charCodeAt(index) - 48
}

/** In integers only, which is quicker. */
function whole(value: number): number {
  return value | 0
}
