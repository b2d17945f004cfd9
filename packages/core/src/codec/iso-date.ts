// `toISOString` and `Date.parse` take five and three times as long, and dates are what lists of rows are full of.

/** The years with four digits that are written from tables. */
const FIRST_YEAR = 1_600
const FIRST_TIME = Date.UTC(FIRST_YEAR, 0)
const LAST_TIME = Date.UTC(2_400, 0)
const DAY = 86_400_000
const MINUTE = 60_000

const PAIRS = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))
const YEARS = Array.from({ length: 800 }, (_, value) => `${FIRST_YEAR + value}-`)
/** By 32 times the month, plus the day. */
const MONTH_DAYS = Array.from({ length: 416 }, (_, value) => `${PAIRS[value >> 5]}-${PAIRS[value & 31]}`)
const MINUTES = Array.from({ length: 1_440 }, (_, value) => `T${PAIRS[Math.floor(value / 60)]}:${PAIRS[value % 60]}:`)
const MILLISECONDS = Array.from({ length: 1_000 }, (_, value) => `.${String(value).padStart(3, '0')}Z`)

/** What `date.toISOString()` gives; `undefined` for an invalid date. */
export function isoText(date: Date): string | undefined {
  const time = date.getTime()
  if (Number.isNaN(time)) return undefined
  if (time < FIRST_TIME || time >= LAST_TIME) return date.toISOString()
  const days = Math.floor(time / DAY)
  const ofDay = time - days * DAY
  const minutes = whole(ofDay / MINUTE)
  const ofMinute = ofDay - minutes * MINUTE
  const seconds = whole(ofMinute / 1_000)
  return dayText(days) + MINUTES[minutes] + PAIRS[seconds] + MILLISECONDS[ofMinute - seconds * 1_000]
}

/**
 * The year, month and day of a day counted from 1970. Years begin in March here, so that the leap day is the last.
 * @see https://howardhinnant.github.io/date_algorithms.html#civil_from_days
 */
function dayText(days: number): string {
  const fromMarch = days + 719_468
  const era = whole(fromMarch / 146_097)
  const ofEra = fromMarch - era * 146_097
  const year = whole((ofEra - whole(ofEra / 1_460) + whole(ofEra / 36_524) - whole(ofEra / 146_096)) / 365)
  const ofYear = ofEra - (365 * year + whole(year / 4) - whole(year / 100))
  const month = whole((5 * ofYear + 2) / 153)
  const day = ofYear - whole((153 * month + 2) / 5) + 1
  const isNextYear = month >= 10
  const civilYear = era * 400 + year + (isNextYear ? 1 : 0)
  return `${YEARS[civilYear - FIRST_YEAR]}${MONTH_DAYS[(isNextYear ? month - 9 : month + 3) * 32 + day]}`
}

/** Of a positive number below 2^31, in integers only. */
function whole(value: number): number {
  return value | 0
}

const [DASH, POINT, COLON, LETTER_T, LETTER_Z] = [45, 46, 58, 84, 90]
const DAYS_OF_MONTH = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Longer text is no date, and isn't looked at. */
const MAX_CHARACTERS = 64

/** The date that `text` says, or `undefined`. */
export function parseDate(text: string): Date | undefined {
  if (text.length > MAX_CHARACTERS) return undefined
  const time = text.length === 24 ? timeOf(text) : Number.NaN
  const date = new Date(Number.isNaN(time) ? text : time)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** Of the 24 characters that `toISOString` writes for four-digit years; `NaN` for all that is less usual. */
function timeOf(text: string): number {
  const hasMarks =
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === LETTER_T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON &&
    text.charCodeAt(19) === POINT &&
    text.charCodeAt(23) === LETTER_Z
  if (!hasMarks) return Number.NaN
  const month = pair(text, 5)
  const day = pair(text, 8)
  const [hours, minutes, seconds] = [pair(text, 11), pair(text, 14), pair(text, 17)]
  // A 29th of February may be there: the engine knows.
  if (!(day >= 1 && day <= (DAYS_OF_MONTH[month] ?? 0) && hours < 24 && minutes < 60 && seconds < 60)) return Number.NaN
  const milliseconds = pair(text, 20) * 10 + digit(text, 22)
  const days = daysUntil(pair(text, 0) * 100 + pair(text, 2), month, day)
  return days * DAY + hours * 3_600_000 + minutes * MINUTE + seconds * 1_000 + milliseconds
}

/** The reverse of `dayText`. */
function daysUntil(year: number, month: number, day: number): number {
  const ofMarch = month > 2 ? year : year - 1
  const era = Math.floor(ofMarch / 400)
  const ofEra = ofMarch - era * 400
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

function pair(text: string, index: number): number {
  return digit(text, index) * 10 + digit(text, index + 1)
}

function digit(text: string, index: number): number {
  const value = text.charCodeAt(index) - 48
  return value >= 0 && value <= 9 ? value : Number.NaN
}
