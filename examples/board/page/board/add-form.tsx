import { PlusIcon } from '../icons.tsx'
import { useDraft } from '../use-draft.ts'

interface AddFormProps {
  readonly label: string
  readonly maxLength: number
  readonly onAdd: (text: string, refused: (sentence: string) => void) => void
}

/** One field that adds what is typed. */
export function AddForm({ label, maxLength, onAdd }: AddFormProps) {
  const { text, problem, type, send } = useDraft(onAdd)
  return (
    <form
      className="add"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <PlusIcon />
      <input
        aria-label={label}
        placeholder={label}
        maxLength={maxLength}
        value={text}
        aria-invalid={problem !== undefined}
        onChange={(event) => type(event.target.value)}
      />
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  )
}
