import { type FormEvent, useState } from 'react'
import { PlusIcon } from '../icons.tsx'

interface AddFormProps {
  readonly label: string
  readonly maxLength: number
  readonly onAdd: (text: string, refused: (sentence: string) => void) => void
}

/** One field that adds what is typed. What was refused comes back into the field, with the reason below it. */
export function AddForm({ label, maxLength, onAdd }: AddFormProps) {
  const [draft, setDraft] = useState('')
  const [problem, setProblem] = useState<string>()

  const add = (event: FormEvent) => {
    event.preventDefault()
    const text = draft.trim()
    if (text === '') return
    setDraft('')
    setProblem(undefined)
    onAdd(text, (sentence) => {
      setDraft((typed) => typed || text)
      setProblem(sentence)
    })
  }
  return (
    <form className="add" onSubmit={add}>
      <PlusIcon />
      <input
        aria-label={label}
        placeholder={label}
        maxLength={maxLength}
        value={draft}
        aria-invalid={problem !== undefined}
        onChange={(event) => {
          setDraft(event.target.value)
          setProblem(undefined)
        }}
      />
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  )
}
