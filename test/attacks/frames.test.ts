import { setImmediate } from 'node:timers/promises'
import { constants, deflateRawSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { HELLO } from '../end-to-end/raw-client.ts'
import { openGate, openPlain } from './fixture/gate-stage.ts'
import { keptBytes } from './fixture/kept-bytes.ts'
import { frameBytes, RawUpgrade } from './fixture/raw-upgrade.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** One that has been upgraded, and that nobody knows. */
function stranger(port: number): Promise<RawUpgrade> {
  return RawUpgrade.ask(port)
}

/** One that has been welcomed. */
async function guest(port: number): Promise<RawUpgrade> {
  const raw = await stranger(port)
  raw.frame(JSON.stringify(['hello', { ...HELLO, nonce: crypto.randomUUID() }]))
  await raw.until(() => raw.texts.length > 0)
  return raw
}

/** Bytes one by one, each so that the server reads it by itself. */
async function trickle(attackers: readonly RawUpgrade[], count: number): Promise<void> {
  for (let sent = 0; sent < count; sent++) {
    for (const { socket } of attackers) if (socket.writable) socket.write('x')
    await setImmediate()
    await setImmediate()
  }
}

describe('X5: a message that never ends', () => {
  it('is given up in its time, and its session waits; never, where there is no such time', async () => {
    await using hasty = await openGate({ limits: { messageTimeoutMs: 200 } })
    await using patient = await openGate({ limits: { messageTimeoutMs: Infinity } })
    await using late = await guest(hasty.port)
    await using spared = await guest(patient.port)
    for (const raw of [late, spared]) raw.frame('[1,0,["call",', { isFinal: false })
    expect(await late.code()).toBe(4310)
    expect(hasty.server.stats()).toMatchObject({ sessions: 1, detachedSessions: 1 })
    expect(spared.isClosed).toBe(false)
    expect(patient.server.stats().connections).toBe(1)
  })

  it.each([
    ['half a header', Buffer.from([0x81])],
    ['a header without its bytes', frameBytes('', { declared: 100n })],
    ['a part, and pings after it', Buffer.concat([frameBytes('[', { isFinal: false }), frameBytes('', { opcode: 9 })])],
  ])('is one that has come as %s', async (_, bytes) => {
    await using gate = await openGate({ limits: { messageTimeoutMs: 100 } })
    await using raw = await guest(gate.port)
    raw.socket.write(bytes)
    expect(await raw.code()).toBe(4310)
  })

  it('is none where a message has come whole: a guest may be quiet for as long as it likes', async () => {
    await using gate = await openGate({ limits: { messageTimeoutMs: 100 } })
    await using quiet = await guest(gate.port)
    await using late = await guest(gate.port)
    late.frame('[', { isFinal: false })
    // The other's time has passed, so that of the quiet one has too.
    await late.code()
    quiet.frame('[1,0,["call",1,"run"]]')
    await quiet.until(() => quiet.texts.some((text) => text.includes('result')))
  })

  it('keeps at most 64 KiB of it for each attacker, byte by byte, where plain ws keeps as much as is sent', async () => {
    const COUNT = 20
    await using gate = await openGate()
    await using plain = await openPlain()
    /** What is kept for each, once they have sent so many bytes of a frame one by one. */
    const attack = async (arrive: () => Promise<RawUpgrade>, ...counts: readonly number[]) => {
      const attackers = await Promise.all(Array.from({ length: COUNT }, arrive))
      for (const { socket } of attackers) socket.write(frameBytes('', { declared: BigInt(100 * KIB) }))
      await trickle(attackers, 1)
      const before = keptBytes()
      const kept: number[] = []
      for (const count of counts) {
        await trickle(attackers, count)
        kept.push((keptBytes() - before) / COUNT)
      }
      return { attackers, kept }
    }
    // What the engine keeps of having done it once isn't an attacker's.
    const first = await attack(() => guest(gate.port), 250)
    const ours = await attack(() => guest(gate.port), 250, 250)
    expect(Math.max(...ours.kept)).toBeLessThan(64 * KIB)
    expect(await Promise.all(ours.attackers.map((raw) => raw.code()))).toEqual(Array(COUNT).fill(1008))
    const theirs = await attack(() => stranger(plain.port), 1_000)
    expect(Math.max(...theirs.kept)).toBeGreaterThan(128 * KIB)
    for (const raw of [...first.attackers, ...ours.attackers, ...theirs.attackers]) await raw[Symbol.asyncDispose]()
  }, 60_000)

  it('is bounded before the welcome by its bytes on the socket: nobody waits for its end', async () => {
    await using gate = await openGate()
    await using raw = await stranger(gate.port)
    raw.frame('x'.repeat(8 * KIB), { isFinal: false })
    raw.frame('x'.repeat(2 * KIB), { opcode: 0, isFinal: false })
    expect(await raw.code()).toBe(4329)
    await using pongs = await stranger(gate.port)
    for (let sent = 0; sent < 1_600; sent++) pongs.frame('', { opcode: 10 })
    expect(await pongs.code()).toBe(4329)
    await vi.waitFor(() => expect(gate.server.stats()).toMatchObject({ connections: 0, unauthenticated: 0 }))
  })

  it('takes nothing more from whoever was closed: a stream of bytes behind it runs nothing and keeps nothing', async () => {
    await using gate = await openGate()
    await using raw = await stranger(gate.port)
    raw.frame('x'.repeat(10 * KIB))
    raw.frame(JSON.stringify(['hello', HELLO]))
    raw.frame('[1,0,["call",1,"run"]]')
    expect(await raw.code()).toBe(4329)
    const before = keptBytes()
    for (let sent = 0; sent < 64 && raw.socket.writable; sent++) {
      raw.socket.write(Buffer.alloc(128 * KIB))
      await setImmediate()
    }
    expect(gate.runs.count).toBe(0)
    expect(raw.texts).toEqual([])
    await raw.until(() => raw.isClosed).catch(() => {})
    expect(keptBytes() - before).toBeLessThan(MIB)
  })
})

describe('X6: a message of tiny parts', () => {
  it.each([
    ['empty ones', ''],
    ['of one byte', ' '],
  ])('is closed at the 65th: %s', async (_, part) => {
    await using gate = await openGate()
    await using raw = await guest(gate.port)
    raw.frame(part, { isFinal: false })
    for (let sent = 1; sent < 65; sent++) raw.frame(part, { opcode: 0, isFinal: false })
    expect(await raw.code()).toBe(1008)
  })

  it('is whole with 64, and plain ws takes thousands', async () => {
    await using gate = await openGate()
    await using raw = await guest(gate.port)
    raw.frame('[1,0,["call",1,"run"]]', { isFinal: false })
    for (let sent = 1; sent < 63; sent++) raw.frame('', { opcode: 0, isFinal: false })
    raw.frame('', { opcode: 0 })
    await raw.until(() => raw.texts.some((text) => text.includes('result')))
    await using plain = await openPlain()
    await using there = await stranger(plain.port)
    there.frame('', { isFinal: false })
    for (let sent = 1; sent < 10_000; sent++) there.frame('', { opcode: 0, isFinal: false })
    there.frame('end', { opcode: 0 })
    await vi.waitFor(() => expect(plain.messages).toEqual([3]))
  })

  it('is closed for an empty message too: it is no frame of ours', async () => {
    await using gate = await openGate()
    await using raw = await guest(gate.port)
    raw.frame('')
    expect(await raw.code()).toBe(4400)
  })
})

describe('X7: a frame that says it is too large', () => {
  it.each([
    ['2⁶³ bytes', 2n ** 63n],
    ['2⁶⁴ - 1 bytes', 2n ** 64n - 1n],
    ['2⁵³ - 1 bytes', 2n ** 53n - 1n],
    ['100 MB', 100_000_000n],
    ['one byte more than 128 KiB', BigInt(128 * KIB + 1)],
  ])('is closed at its header, and keeps nothing: %s', async (_, declared) => {
    await using gate = await openGate()
    for (const arrive of [guest, stranger]) {
      await using raw = await arrive(gate.port)
      const before = keptBytes()
      raw.socket.write(frameBytes('', { declared }))
      expect(await raw.code()).toBe(1009)
      expect(keptBytes() - before).toBeLessThan(2 * MIB)
    }
  })

  it('is closed where it comes in parts that are together', async () => {
    await using gate = await openGate()
    await using raw = await guest(gate.port)
    raw.frame('x'.repeat(64 * KIB), { isFinal: false })
    raw.frame('x'.repeat(64 * KIB), { opcode: 0, isFinal: false })
    raw.frame('x', { opcode: 0, isFinal: false })
    expect(await raw.code()).toBe(1009)
  })

  it('is taken by plain ws, which waits for 100 MB', async () => {
    await using plain = await openPlain()
    await using raw = await stranger(plain.port)
    raw.socket.write(frameBytes('x', { declared: 100_000_000n }))
    raw.frame('x')
    await setImmediate()
    expect(raw.isClosed).toBe(false)
  })
})

describe('X8: a message that is small only while compressed', () => {
  /** 64 MiB of zeros in 64 KiB, as a browser would send it: without its last four bytes (RFC 7692, section 7.2.1). */
  const bomb = deflateRawSync(Buffer.alloc(64 * MIB), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)

  it('is closed at its first bit: nothing is unpacked; plain ws that compresses unpacks it all', async () => {
    await using gate = await openGate()
    const before = keptBytes()
    for (const arrive of [guest, stranger]) {
      await using raw = await arrive(gate.port)
      raw.frame(bomb.subarray(0, 8 * KIB), { isCompressed: true })
      expect(await raw.code()).toBe(1002)
    }
    expect(keptBytes() - before).toBeLessThan(2 * MIB)
    await using plain = await openPlain(true)
    await using there = await RawUpgrade.ask(plain.port, [['Sec-WebSocket-Extensions', 'permessage-deflate']])
    there.frame(bomb, { isCompressed: true })
    await vi.waitFor(() => expect(plain.messages).toEqual([64 * MIB]), { timeout: 5_000 })
  })
})
