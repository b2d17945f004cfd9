import type { KeyboardEvent } from 'react'
import { LIMITS } from '../../shared/limits.ts'
import { SendIcon } from '../icons.tsx'
import { useDraft } from '../use-draft.ts'

interface SayFormProps {
  readonly onSay: (text: string, refused: (sentence: string) => void) => void
}

/** Enter sends, Shift+Enter breaks the line. */
export function SayForm({ onSay }: SayFormProps) {
  const { text, problem, type, send } = useDraft(onSay)
  const sendOnEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <form
      className="say"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
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
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={sendOnEnter}
      />
      <button type="submit" className="say-button" aria-label="Send" disabled={text.trim() === ''}>
        <SendIcon />
      </button>
    </form>
  )
}
