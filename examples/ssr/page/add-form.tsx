import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useHotline } from './hotline.ts'

/** Before the script has come, the browser posts it, and the server calls the same procedure. */
export function AddForm() {
  const { hot } = useHotline()
  const { mutate, error, isPending } = useMutation(hot.todos.add.mutationOptions())

  function add(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    mutate({ title: String(new FormData(form).get('title')) }, { onSuccess: () => form.reset() })
  }

  return (
    <form method="post" action="/add" onSubmit={add}>
      <input name="title" aria-label="What is to be done" required maxLength={200} autoComplete="off" />
      <button type="submit" disabled={isPending}>
        Add
      </button>
      {error !== null && (
        <p role="alert">{error.code === 'LIST_FULL' ? `The list holds ${error.data.max}.` : error.message}</p>
      )}
    </form>
  )
}
