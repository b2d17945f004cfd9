import { describe, expect, it } from 'vitest'
import { addressRanges, isIn, isLoopback, isPrivate, readAddress, strangerAt } from './ip-address.ts'

describe('ranges of addresses', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['203.0.113.0/25', '203.0.113.127', true],
    ['203.0.113.0/25', '203.0.113.128', false],
    ['fd00::/8', 'fd12:3456::1', true],
    ['fd00::/8', 'fe00::1', false],
    ['2001:db8::1', '2001:db8:0:0:0:0:0:1', true],
    ['10.0.0.0/8', '', false],
    ['10.0.0.0/8', 'unknown', false],
  ])('%s holds %s: %s', (range, address, holds) => {
    expect(isIn(addressRanges([range]), address)).toBe(holds)
  })

  it.each([
    '',
    'app.example',
    '10.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '::/129',
    '10.0.0.0/8/8',
    'loopback',
  ])('refuse %j', (range) =>
    expect(() => addressRanges([range])).toThrow(`"trustProxy" has "${range}", which is no range of addresses`),
  )

  it.each(['0.0.0.0/0', '::/0'])('refuse %s, which would believe everybody', (range) => {
    expect(() => addressRanges([range])).toThrow(TypeError)
  })
})

describe('an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    [' 203.0.113.7 ', '203.0.113.7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7%eth0', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:1234', '::ffff:1234'],
    ['::ffff:203.0.113.7.1', undefined],
    ['::ffff:999.0.113.7', undefined],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['::', '::'],
    ['unknown', undefined],
    ['_hidden', undefined],
    ['', undefined],
    ['203.0.113.7, 10.0.0.1', undefined],
    ['203.0.113.256', undefined],
    ['203.0.113.7:4711:1', undefined],
  ])('%j is read as %j', (text, address) => {
    expect(readAddress(text)).toBe(address)
  })

  it.each(['127.0.0.1', '127.9.9.9', '::1'])('%s is loopback, and private', (address) => {
    expect([isLoopback(address), isPrivate(address)]).toEqual([true, true])
  })

  it.each(['10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.1.1', '100.64.0.1', 'fd00::1', 'fe80::1%eth0'])(
    '%s is private only',
    (address) => expect([isLoopback(address), isPrivate(address)]).toEqual([false, true]),
  )

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2001:db8::1', 'nonsense'])('%s is neither', (address) => {
    expect([isLoopback(address), isPrivate(address)]).toEqual([false, false])
  })
})

describe('a stranger', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('at %s counts as %s', (address, stranger) => {
    expect(strangerAt(address)).toBe(stranger)
  })
})
