import { liveValues } from '@hotline/client'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { AddForm } from './add-form.tsx'
import { useHotline } from './hotline.ts'
import { Line } from './line.tsx'

/** The list, as it is now wherever it is looked at. */
export function TodoPage() {
  const { hot } = useHotline()
  const { data: me } = useSuspenseQuery(hot.me.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }))
  const { data: list } = useSuspenseQuery(hot.todos.list.liveOptions(undefined, { values: liveValues }))
  const { mutate: finish } = useMutation(hot.todos.finish.mutationOptions())
  return (
    <main>
      <header>
        <h1>To do</h1>
        <Line />
        <form method="post" action="/sign-out">
          {me} <button type="submit">Sign out</button>
        </form>
      </header>
      <ul>
        {list.todos.map(({ id, title, addedBy, addedAt }) => (
          <li key={String(id)}>
            <span className="title">{title}</span>
            <small>
              {`no. ${id}, ${addedBy}, `}
              <time dateTime={addedAt.toISOString()}>{timeOf(addedAt)}</time>
            </small>
            <button type="button" onClick={() => finish({ id })}>
              Done
            </button>
          </li>
        ))}
      </ul>
      <AddForm />
      <footer>{[...list.added].map(([name, count]) => `${name} has added ${count}`).join(', ')}</footer>
    </main>
  )
}

/** In UTC, since the server can't know the clock on the wall: hydration wants the same text at both ends. */
function timeOf(date: Date): string {
  return `${date.toISOString().slice(11, 16)} UTC`
}
