import { useState } from 'react'
import { BoardView } from './board/board-view.tsx'
import { ChatPanel } from './chat/chat-panel.tsx'
import { useUnread } from './chat/use-unread.ts'
import { useHarmlessFileDrops } from './files/use-file-drop.ts'
import { Header } from './header.tsx'
import { BoardIcon, ChatIcon } from './icons.tsx'
import { Wire } from './line/wire.tsx'

type Side = 'board' | 'chat'

/** The board with the chat beside it. Where there isn't room for both, one is shown and tabs change between them. */
export function Room() {
  const [side, setSide] = useState<Side>('board')
  const unread = useUnread(side === 'chat')
  useHarmlessFileDrops()
  return (
    <div className="room" data-side={side}>
      <Header />
      <Wire />
      <BoardView />
      <ChatPanel />
      <nav className="tabs" aria-label="Board and chat">
        <button type="button" aria-current={side === 'board'} onClick={() => setSide('board')}>
          <BoardIcon /> Board
        </button>
        <button type="button" aria-current={side === 'chat'} onClick={() => setSide('chat')}>
          <ChatIcon /> Chat
          {unread > 0 && <span className="badge">{unread} new</span>}
        </button>
      </nav>
    </div>
  )
}
