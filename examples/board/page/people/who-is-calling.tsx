import { type FormEvent, useState } from 'react'
import { LIMITS } from '../../shared/limits.ts'
import { Logo } from '../logo.tsx'

/** The first thing a newcomer sees. Nothing is sent before there is a name. */
export function WhoIsCalling({ onName }: { readonly onName: (name: string) => void }) {
  return (
    <main className="welcome">
      <div className="welcome-card">
        <Logo />
        <h1>Who’s calling?</h1>
        <p>Everyone with this page open shares one board and one chat, and sees who does what.</p>
        <NameForm name="" label="Join the board" onName={onName} />
      </div>
    </main>
  )
}

interface NameFormProps {
  readonly name: string
  readonly label: string
  readonly onName: (name: string) => void
}

export function NameForm({ name, label, onName }: NameFormProps) {
  const [draft, setDraft] = useState(name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (draft.trim() !== '') onName(draft)
  }
  return (
    <form className="name-form" onSubmit={submit}>
      <label htmlFor="name">Your name</label>
      <input
        id="name"
        value={draft}
        maxLength={LIMITS.personNameLength}
        autoComplete="nickname"
        // biome-ignore lint/a11y/noAutofocus: it is the only thing to do here, and what was asked for
        autoFocus
        onChange={(event) => setDraft(event.target.value)}
      />
      <button type="submit" className="button" disabled={draft.trim() === ''}>
        {label}
      </button>
    </form>
  )
}
