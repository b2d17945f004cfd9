import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onStopSignal } from './on-stop-signal.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})

afterEach(() => {
  vi.useRealTimers()
})

function listening() {
  const host = Object.assign(new EventEmitter(), { exit: vi.fn() })
  const stop = vi.fn(async () => {})
  onStopSignal(stop, host)
  return { host, stop }
}

describe('a signal to stop', () => {
  it.each(['SIGINT', 'SIGTERM'])('%s stops, once however often it is handed on', (signal) => {
    const { host, stop } = listening()
    host.emit(signal)
    vi.advanceTimersByTime(400)
    host.emit(signal)
    expect(stop).toHaveBeenCalledOnce()
    expect(host.exit).not.toHaveBeenCalled()
  })

  it('exits at once when it is the second one', () => {
    const { host, stop } = listening()
    host.emit('SIGTERM')
    vi.advanceTimersByTime(600)
    host.emit('SIGINT')
    expect(stop).toHaveBeenCalledOnce()
    expect(host.exit).toHaveBeenCalledExactlyOnceWith(130)
  })
})
