import { messageOf } from '@hotline/core/internal'

/** A handler of the client's own failed, for a reason that the server doesn't see. */
export interface HandlerFailure {
  /** What was thrown. */
  readonly error: unknown
  readonly path: string
  /** What the server's error carries as `data.id`. */
  readonly id: string
}

/** One line on the console, as a server's failures have without a logger. */
export function consoleReport({ error, path, id }: HandlerFailure): void {
  print(`hotline: "${path}" failed (${id})`, error)
}

/** Tells the application. What fails there in turn must not end the program: then the console is told of both. */
export async function tellFailure(
  onError: (failure: HandlerFailure) => unknown,
  failure: HandlerFailure,
): Promise<void> {
  try {
    await onError(failure)
  } catch (thrown) {
    print('hotline: "onError" failed', thrown)
    consoleReport(failure)
  }
}

/** Node's console runs code of what it shows (`util.inspect.custom`, getters): where that throws, it gets words. */
function print(line: string, thrown: unknown): void {
  try {
    console.error(line, thrown)
  } catch {
    console.error(line, messageOf(thrown))
  }
}
