import { pathToFileURL } from 'node:url'
import type { Contender } from '../contender.ts'

/** The contender that this process was started for: `node <program> <file>`. No process carries another's code. */
export async function loadContender(): Promise<Contender> {
  const [, , file = ''] = process.argv
  // Every file of the table exports it.
  const { contender } = (await import(pathToFileURL(file).href)) as { readonly contender: Contender }
  return contender
}
