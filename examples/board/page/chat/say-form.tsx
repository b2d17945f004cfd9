import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { LIMITS } from '../../shared/limits.ts'
import { SendIcon } from '../icons.tsx'

interface SayFormProps {
  readonly onSay: (text: string, refused: (sentence: string) => void) => void
}

/** Enter sends, Shift+Enter breaks the line. What was refused comes back into the field. */
export function SayForm({ onSay }: SayFormProps) {
  const [draft, setDraft] = useState('')
  const [problem, setProblem] = useState<string>()

  const say = (event: FormEvent) => {
    event.preventDefault()
    const text = draft.trim()
    if (text === '') return
    setDraft('')
    setProblem(undefined)
    onSay(text, (sentence) => {
      setDraft((typed) => typed || text)
      setProblem(sentence)
    })
  }
  const sendOnEnter = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) say(event)
  }

  return (
    <form className="say" onSubmit={say}>
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <textarea
        aria-label="Message"
        placeholder="Say something"
        rows={1}
        maxLength={LIMITS.messageLength}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={sendOnEnter}
      />
      <button type="submit" className="say-button" aria-label="Send" disabled={draft.trim() === ''}>
        <SendIcon />
      </button>
    </form>
  )
}
