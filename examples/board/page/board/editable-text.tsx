import { type KeyboardEvent, useRef, useState } from 'react'

interface TextFieldProps {
  readonly text: string
  readonly label: string
  readonly maxLength: number
  readonly onSave: (text: string) => void
  readonly onEnd: () => void
}

/** A text under edit. Enter and leaving the field save, Escape doesn't; an empty or unchanged text is not saved. */
export function TextField({ text, label, maxLength, onSave, onEnd }: TextFieldProps) {
  const [draft, setDraft] = useState(text)
  const isOver = useRef(false)
  const end = (save: boolean) => {
    if (isOver.current) return
    isOver.current = true
    const saved = draft.trim()
    onEnd()
    if (save && saved !== '' && saved !== text) onSave(saved)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') end(true)
    if (event.key === 'Escape') end(false)
  }
  return (
    <input
      className="text-field"
      aria-label={label}
      value={draft}
      maxLength={maxLength}
      // biome-ignore lint/a11y/noAutofocus: it appears because someone asked to edit this text
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setDraft(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => end(true)}
    />
  )
}

/** A text that becomes a field when it is pressed. */
export function EditableText(props: Omit<TextFieldProps, 'onEnd'>) {
  const [isEditing, setEditing] = useState(false)
  if (isEditing) return <TextField {...props} onEnd={() => setEditing(false)} />
  return (
    <button type="button" className="editable" title="Rename" onClick={() => setEditing(true)}>
      {props.text}
    </button>
  )
}
