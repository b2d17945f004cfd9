import { useState } from 'react'
import { UploadsHere } from './files/uploads.tsx'
import { Notices } from './notices/notices.tsx'
import { callMe, whoAmI } from './people/who-am-i.ts'
import { WhoIsCalling } from './people/who-is-calling.tsx'
import { Room } from './room.tsx'

/** The room, once there is a name to enter it with. */
export function App() {
  const [user, setUser] = useState(whoAmI)
  if (user === undefined) return <WhoIsCalling onName={(name) => setUser(callMe(name))} />
  return (
    <Notices>
      <UploadsHere>
        <Room />
      </UploadsHere>
    </Notices>
  )
}
