import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { onAbort } from './on-abort.ts'

describe('whoever waits for a signal to abort', () => {
  it('is told once, in the order of coming, also where others leave when they are told', () => {
    const controller = new AbortController()
    const told: string[] = []
    const leaveFirst = onAbort(controller.signal, () => {
      told.push('first')
      leaveFirst()
      leaveThird()
    })
    onAbort(controller.signal, () => told.push('second'))
    const leaveThird = onAbort(controller.signal, () => told.push('third'))
    controller.abort()
    controller.signal.dispatchEvent(new Event('abort'))
    expect(told).toEqual(['first', 'second'])
  })

  it('shares one listener with all others, and the last to leave takes it away', () => {
    const controller = new AbortController()
    const listeners = () => getEventListeners(controller.signal, 'abort').length
    let told = 0
    const undo = Array.from({ length: 1_000 }, () => onAbort(controller.signal, () => told++))
    expect(listeners()).toBe(1)
    for (const leave of undo.slice(1)) leave()
    expect(listeners()).toBe(1)
    undo[0]?.()
    expect(listeners()).toBe(0)
  })

  it('listens anew after all had left, and who leaves twice takes nobody else along', () => {
    const controller = new AbortController()
    let told = 0
    const leave = onAbort(controller.signal, () => told++)
    leave()
    onAbort(controller.signal, () => told++)
    leave()
    controller.abort()
    expect(told).toBe(1)
  })
})
