import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { LIMITS } from '../../shared/limits.ts'
import { boardQuery } from '../hot.ts'
import { changes } from '../state/changes.ts'
import { type Refused, useChange } from '../state/use-change.ts'
import { AddForm } from './add-form.tsx'
import { MovedTaskContext } from './focus-after-move.ts'
import { ListColumn } from './list-column.tsx'

const FIRST_LISTS = ['To do', 'Doing', 'Done']

export function BoardView() {
  const { data, error, refetch } = useQuery(boardQuery)
  const [newsAfter, setNewsAfter] = useState<number>()
  const add = useChange(changes.addList)
  const movedTask = useRef<string>(undefined)
  const addList = (name: string, refused?: Refused) => add({ list: crypto.randomUUID(), name }, refused)

  const retry = () => void refetch()

  if (data === undefined) {
    return (
      <main className="board" aria-label="Board" aria-busy={error === null}>
        {error === null ? (
          <Skeleton />
        ) : (
          <Failed look="board-empty" title="The board could not be loaded" onRetry={retry} />
        )}
      </main>
    )
  }
  const { lists, last } = data
  if (newsAfter === undefined) setNewsAfter(last)
  const newList = (
    <section className="list list-new" aria-label="New list">
      <AddForm label="Add a list" maxLength={LIMITS.listNameLength} onAdd={addList} />
    </section>
  )
  if (lists.length === 0) {
    return (
      <main className="board" aria-label="Board">
        <section className="board-empty">
          <h2>Nothing on the board yet</h2>
          <p>Lists hold tasks. Start with the usual three, or name one of your own.</p>
          <button type="button" className="button" onClick={() => FIRST_LISTS.map((name) => addList(name))}>
            Start with {new Intl.ListFormat('en').format(FIRST_LISTS)}
          </button>
          {newList}
        </section>
      </main>
    )
  }
  return (
    <main className="board" aria-label="Board">
      {error !== null && <Failed look="list list-failed" title="This board may be out of date" onRetry={retry} />}
      <MovedTaskContext value={movedTask}>
        {lists.map((list) => (
          <ListColumn key={list.id} list={list} lists={lists} newsAfter={newsAfter ?? last} />
        ))}
      </MovedTaskContext>
      {newList}
    </main>
  )
}

interface FailedProps {
  readonly look: 'board-empty' | 'list list-failed'
  readonly title: string
  readonly onRetry: () => void
}

function Failed({ look, title, onRetry }: FailedProps) {
  return (
    <section className={look} role="alert">
      <h2>{title}</h2>
      <p>The server answered, but not with the board. Its log says why.</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </section>
  )
}

function Skeleton() {
  return [3, 2, 4].map((cards) => (
    <div key={cards} className="list skeleton" aria-hidden="true">
      <div className="skeleton-name" />
      {Array.from({ length: cards }, (_, index) => `${cards}-${index}`).map((key) => (
        <div key={key} className="skeleton-card" />
      ))}
    </div>
  ))
}
