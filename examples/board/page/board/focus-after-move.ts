import { createContext, type RefObject, use, useLayoutEffect } from 'react'

/** The task that was last moved by menu and hasn't got the focus back. */
export const MovedTaskContext = createContext<RefObject<string | undefined>>({ current: undefined })

/**
 * A card that goes to another place of the page is a new element there, and whoever moved it by keyboard would have to
 * begin at the top again. What is wrapped by the function this gives takes the focus along, to `target`.
 */
export function useFocusAfterMove(task: string, target: RefObject<HTMLElement | null>) {
  const moved = use(MovedTaskContext)
  useLayoutEffect(() => {
    if (moved.current !== task || target.current?.matches(':focus')) return
    target.current?.focus()
    moved.current = undefined
  })
  return (move: (() => void) | undefined) => {
    if (move === undefined) return undefined
    return () => {
      moved.current = task
      move()
    }
  }
}
