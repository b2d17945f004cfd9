import { describe, expect, it } from 'vitest'
import { SharedReading } from './shared-reading.ts'

function setUp() {
  const readings: { readonly resolve: (value: string) => void; readonly reject: (error: Error) => void }[] = []
  const shared = new SharedReading(() => new Promise<string>((resolve, reject) => readings.push({ resolve, reject })))
  return { shared, readings }
}

describe('a shared reading', () => {
  it('is made once for all who ask before something changes', async () => {
    const { shared, readings } = setUp()
    const asked = [shared.get(), shared.get()]
    readings[0]?.resolve('a')
    expect(await Promise.all([...asked, shared.get()])).toEqual(['a', 'a', 'a'])
    expect(readings).toHaveLength(1)
  })

  it('is made anew for who asks after a change, even while an older one is under way', async () => {
    const { shared, readings } = setUp()
    const before = shared.get()
    shared.forget()
    const after = shared.get()
    readings[1]?.resolve('new')
    readings[0]?.resolve('old')
    expect(await Promise.all([before, after, shared.get()])).toEqual(['old', 'new', 'new'])
  })

  it('that fails is made anew, and takes no newer one along', async () => {
    const { shared, readings } = setUp()
    const failing = shared.get()
    shared.forget()
    const newer = shared.get()
    readings[0]?.reject(new Error('no database'))
    await expect(failing).rejects.toThrow('no database')
    readings[1]?.reject(new Error('still none'))
    await expect(newer).rejects.toThrow('still none')
    const last = shared.get()
    readings[2]?.resolve('there')
    expect(await last).toBe('there')
  })
})
