import { expect, test } from 'vitest'
import { Attached, frameShare, pack, textOf } from './packed.ts'

test('a message without attachments is its text, and counts for its characters', () => {
  expect(pack('["cancel",1]', undefined)).toBe('["cancel",1]')
  expect(pack('["cancel",1]', [])).toBe('["cancel",1]')
  expect(frameShare('["cancel",1]')).toBe(12)
})

test('one with attachments counts for their bytes too, and in a frame for what stands before each', () => {
  const packed = pack('["result",1,0]', [new Uint8Array(10), new Uint8Array(0), new Uint8Array(5)])
  expect(packed).toBeInstanceOf(Attached)
  expect([textOf(packed), packed.length]).toEqual(['["result",1,0]', 14 + 15])
  expect(frameShare(packed)).toBe(14 + 15 + 3 * 3)
})
