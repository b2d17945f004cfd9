import { isErrorOf, isHotlineError } from '@hotline/client'
import { sizeInWords } from '../files/size-in-words.ts'
import { api } from '../hot.ts'

/** Why something failed, in a sentence for people; undefined where nothing was lost and nobody needs to know. */
export function explain(error: unknown): string | undefined {
  if (isErrorOf(api.tasks.add, error, 'LIST_FULL')) {
    return `This list is full: it holds ${error.data.max} tasks at most. Remove or move one first.`
  }
  if (isErrorOf(api.lists.add, error, 'BOARD_FULL')) {
    return `The board is full: it holds ${error.data.max} lists at most.`
  }
  if (isErrorOf(api.files.add, error, 'FILE_TOO_LARGE')) {
    return `That file is too large: ${sizeInWords(error.data.max)} at most.`
  }
  if (!isHotlineError(error)) return 'Something went wrong in this page. Load it again.'
  if (isHotlineError(error, 'BAD_INPUT')) return error.data.issues[0]?.message ?? 'The server did not accept that.'
  if (isHotlineError(error, 'INTERNAL'))
    return `The server failed to do that. Its log says why, under ${error.data.id}.`
  if (isHotlineError(error, 'NOT_FOUND')) return error.message
  if (isHotlineError(error, 'CLOSED')) return undefined
  return error.mayHaveRun
    ? 'The line was cut before the answer came. If it worked, it shows up here by itself.'
    : 'That did not reach the server, so nothing was changed. Try again when the line is back.'
}
