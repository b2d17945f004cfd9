import { HotlineError } from '@hotline/core'
import { expect, it, vi } from 'vitest'
import { mayRetry } from './retry.ts'

it('makes another attempt in a page, and none on a server that renders', () => {
  const error = new HotlineError('TIMEOUT')
  expect(mayRetry(0, error)).toBe(false)
  vi.stubGlobal('window', globalThis)
  expect(mayRetry(0, error)).toBe(true)
  vi.unstubAllGlobals()
})
