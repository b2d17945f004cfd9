import { useRef } from 'react'
import { useLine } from './line/line.ts'
import { Logo } from './logo.tsx'
import { Avatar } from './people/avatar.tsx'
import { PeopleHere } from './people/people-here.tsx'
import { NameForm } from './people/who-is-calling.tsx'

export function Header({ onName }: { readonly onName: (name: string) => void }) {
  const { user } = useLine()
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <header className="header">
      <Logo />
      <h1>
        Hotline <span>board</span>
      </h1>
      <PeopleHere />
      <button type="button" className="me" onClick={() => dialog.current?.showModal()}>
        <Avatar person={user} />
        <span className="me-name">{user.name}</span>
        <span className="unseen">Change your name</span>
      </button>
      <dialog ref={dialog} className="dialog" aria-label="Change your name" closedby="any">
        <NameForm
          key={user.name}
          name={user.name}
          label="Change name"
          onName={(name) => {
            dialog.current?.close()
            onName(name)
          }}
        />
      </dialog>
    </header>
  )
}
