import { type DragEvent, useEffect, useState } from 'react'

const TASK_TYPE = 'application/x-hotline-task'

/** Makes a card's task travel with the pointer. */
export function startDrag(event: DragEvent, task: { readonly id: string; readonly title: string }): void {
  event.dataTransfer.setData(TASK_TYPE, task.id)
  event.dataTransfer.setData('text/plain', task.title)
  event.dataTransfer.effectAllowed = 'move'
}

/** Lets tasks be dropped on a list. `place` is where one would go if it were dropped now. */
export function useDrop(onDrop: (task: string, before: string | null) => void) {
  const [place, setPlace] = useState<{ readonly before: string | null }>()
  // Given up with Escape, the last thing a list hears is a leave with the pointer still inside.
  useEffect(() => {
    const forget = () => setPlace(undefined)
    document.addEventListener('dragend', forget)
    return () => document.removeEventListener('dragend', forget)
  }, [])

  const handlers = {
    onDragOver(event: DragEvent<HTMLElement>) {
      if (!event.dataTransfer.types.includes(TASK_TYPE)) return
      event.preventDefault()
      const before = taskBelow(event)
      if (place === undefined || place.before !== before) setPlace({ before })
    },
    onDragLeave(event: DragEvent<HTMLElement>) {
      if (!isInside(event)) setPlace(undefined)
    },
    onDrop(event: DragEvent<HTMLElement>) {
      const task = event.dataTransfer.getData(TASK_TYPE)
      if (task === '') return
      event.preventDefault()
      setPlace(undefined)
      const before = taskBelow(event)
      if (task !== before) onDrop(task, before)
    },
  }
  return { place, handlers }
}

/** Going from a list to a card in it is a leave too, and not every browser says where the pointer went. */
function isInside({ clientX, clientY, currentTarget }: DragEvent<HTMLElement>): boolean {
  const { left, right, top, bottom } = currentTarget.getBoundingClientRect()
  return clientX > left && clientX < right && clientY > top && clientY < bottom
}

/** The first task that is still to do and whose middle is under the pointer; null when all are above it. */
function taskBelow(event: DragEvent<HTMLElement>): string | null {
  const cards = event.currentTarget.querySelectorAll<HTMLElement>('[data-task]:not([data-done])')
  for (const card of cards) {
    const { top, height } = card.getBoundingClientRect()
    if (event.clientY < top + height / 2) return card.dataset.task ?? null
  }
  return null
}
