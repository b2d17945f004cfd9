import { useRef } from 'react'
import { LoadChart } from './load/load-chart.tsx'
import { Logo } from './logo.tsx'
import { Avatar } from './people/avatar.tsx'
import { PeopleHere } from './people/people-here.tsx'
import { callMe, me } from './people/who-am-i.ts'
import { NameForm } from './people/who-is-calling.tsx'

export function Header() {
  const user = me()
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <header className="header">
      <Logo />
      <h1>
        Hotline <span>board</span>
      </h1>
      <LoadChart />
      <PeopleHere />
      <button type="button" className="me" onClick={() => dialog.current?.showModal()}>
        <Avatar person={user} />
        <span className="me-name">{user.name}</span>
        <span className="unseen">Change your name</span>
      </button>
      <dialog ref={dialog} className="dialog" aria-label="Change your name" closedby="any">
        <NameForm
          name={user.name}
          label="Change name"
          onName={(name) => {
            callMe(name)
            // The line was opened under the old name.
            location.reload()
          }}
        />
      </dialog>
    </header>
  )
}
