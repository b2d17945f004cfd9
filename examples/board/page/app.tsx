import { useState } from 'react'
import { UploadsHere } from './files/uploads.tsx'
import { LineContext, openLine } from './line/line.ts'
import { Notices } from './notices/notices.tsx'
import { callMe, whoAmI } from './people/who-am-i.ts'
import { WhoIsCalling } from './people/who-is-calling.tsx'
import { Room } from './room.tsx'

/** Opens the line once there is a name, and a new one under a new name. */
export function App() {
  const [line, setLine] = useState(openKnownLine)
  const onName = (name: string) => {
    line?.connection.close()
    setLine(openLine(callMe(name)))
  }
  if (line === undefined) return <WhoIsCalling onName={onName} />
  return (
    <LineContext value={line}>
      <Notices>
        <UploadsHere>
          <Room onName={onName} />
        </UploadsHere>
      </Notices>
    </LineContext>
  )
}

function openKnownLine() {
  const person = whoAmI()
  return person === undefined ? undefined : openLine(person)
}
