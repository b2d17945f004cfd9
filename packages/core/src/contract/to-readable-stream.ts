declare global {
  // Merges with the one of the user's `lib` or platform; without either, the name is there and means nothing.
  interface ReadableStream<R> {}
}

/**
 * The items as a ReadableStream, which reads one only when it is read itself; cancelling it leaves the items.
 * @throws TypeError where the platform has none.
 */
export function toReadableStream<Item>(items: AsyncIterator<Item, unknown, undefined>): ReadableStream<Item> {
  return new ReadableStream<Item>(
    {
      async pull(controller) {
        const step = await items.next()
        if (step.done === true) controller.close()
        else controller.enqueue(step.value)
      },
      async cancel() {
        await items.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
