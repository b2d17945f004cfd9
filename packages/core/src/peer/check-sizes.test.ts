import { describe, expect, it } from 'vitest'
import { formatItem, formatResult } from '../protocol/format.ts'
import type { DataFrame } from '../protocol/frame.ts'
import { Unpacked } from '../protocol/packed.ts'
import { checkSizes } from './check-sizes.ts'

const value = (json: string) => ({ json, meta: undefined })
const large = formatResult(3, value(JSON.stringify('r'.repeat(10_000))))

/** Checks a frame of these messages as it would come. */
function check(...messages: string[]): void {
  const text = `[1,0,${messages.join(',')}]`
  // It was written just above.
  checkSizes(JSON.parse(text) as DataFrame, text.length)
}

describe('the sizes of items', () => {
  it('are believed where they explain the frame, also beside what is small', () => {
    const items = ['1', '"\u00e4\u4e2d"', JSON.stringify('x'.repeat(5_000))].map(
      (json) => formatItem(1, value(json), '').text,
    )
    expect(() => check(...items)).not.toThrow()
    expect(() => check(formatResult(3, value('1')), ...items, '["stream",5]')).not.toThrow()
  })

  it('are right beside a large message of another kind, in whatever way characters are written', () => {
    const escaped = `"${'\\u4e2d'.repeat(1_000)}"`
    const items = ['1', escaped].map((json) => formatItem(1, value(json), '"eventId":"e"').text)
    expect(() => check(large, ...items)).not.toThrow()
  })

  it.each([
    ['alone', []],
    ['beside a large message', [large]],
  ])('break the protocol where they are too small, %s', (_, others) => {
    const lie = `["item",1,1,${JSON.stringify('x'.repeat(500))}]`
    expect(() => check(...others, lie)).toThrow('An item of call 1 has 504 characters and says 1: expected its size.')
  })

  it('are looked at without recursion, however deep an item is', () => {
    const lie = `["item",1,1,${'['.repeat(20_000)}${']'.repeat(20_000)}]`
    expect(() => check(large, lie)).toThrow('An item of call 1 has 40002 characters and says 1: expected its size.')
  })

  it('count the bytes of attachments', () => {
    const attachments = [new Uint8Array(5_000), new Uint8Array(3)]
    const { text, size } = formatItem(1, { json: '[0,1]', meta: undefined, attachments }, '')
    expect(size).toBe(',[0,1]'.length + 5_003)
    const received = (stated: string) => new Unpacked(JSON.parse(stated), attachments)
    expect(() => checkSizes([1, 0, received(text)], 5_100)).not.toThrow()
    const lie = text.replace(`,${size},`, ',12,')
    const message = 'An item of call 1 has 5010 characters and says 12: expected its size.'
    expect(() => checkSizes([1, 0, received(lie)], 5_100)).toThrow(message)
    expect(() => checkSizes([1, 0, JSON.parse(large), received(lie)], 15_200)).toThrow(message)
  })

  it('break the protocol where they are too small, beside many that are smaller than they might be', () => {
    const lie = `["item",1,1,${JSON.stringify('x'.repeat(5_000))}]`
    expect(() => check(...Array.from({ length: 200 }, () => '["cancel",1]'), lie)).toThrow('expected its size')
    expect(() => check(...Array.from({ length: 2_000 }, () => '0'), lie)).toThrow('expected its size')
  })

  it('concern nobody where there are no items', () => {
    expect(() => check(large, large)).not.toThrow()
  })
})
