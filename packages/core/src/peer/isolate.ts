/**
 * Calls what an application gave to be told something. What it throws must not stop the telling: it is thrown on, alone,
 * as what an event listener throws is.
 */
export function isolate(call: () => void): void {
  try {
    call()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
